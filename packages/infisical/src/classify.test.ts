import { describe, expect, test } from "vitest";
import { classify, understand } from "./classify.ts";
import { failures, InfisicalFailure, type Reason } from "./failures.ts";

/** Errors as the SDK makes them. */
function requestError(
  status: number,
  text: string,
  path = "/api/v3/secrets/raw?workspaceId=p&secretPath=%2F",
) {
  const url = `http://[::1]:8080${path}`;
  const method = path.includes("login") ? "POST" : "GET";
  const error = new Error(`[URL=${url}] [Method=${method}] [StatusCode=${status}] ${text}`);
  return Object.assign(error, { name: "InfisicalSDKRequestError" });
}

function bareError(text: string) {
  return Object.assign(new Error(text), { name: "InfisicalSDKError" });
}

const login = "/api/v1/auth/universal-auth/login";

describe("an error of the SDK", () => {
  test.each<[number, string, Reason]>([
    [401, "You are not allowed to read on secrets", "not-allowed"],
    [403, "You are not allowed to readValue on secrets", "not-allowed"],
    [403, "You do not have permission to view secret value on secret with name 'X'", "not-allowed"],
    [403, "", "not-allowed"],
    [403, "You are not a member of this project with ID 1. Please assign this identity", "not-a-member"],
    [403, "This project does not belong to your selected organization.", "not-a-member"],
    [500, "jwt expired", "token-expired"],
    [403, "Your token has expired. Please re-authenticate.", "token-expired"],
    [401, "Failed to renew MI access token due to TTL expiration", "token-expired"],
    [400, "Unable to renew because access token number of uses limit reached", "token-expired"],
    [401, "You are not allowed to access this resource", "token-rejected"],
    [403, "You are not allowed to access this resource", "token-rejected"],
    [403, "The provided access token is malformed. Please use a valid token", "token-rejected"],
    [500, "jwt malformed", "token-rejected"],
    [401, "Token missing", "token-rejected"],
    [401, "something else", "token-rejected"],
    [403, "You are not allowed to access this resource from the current IP address", "address-not-allowed"],
    [401, "You are not allowed to access this resource from the current IP address", "address-not-allowed"],
    [403, "Failed to expand one or more secret references", "reference-not-allowed"],
    [404, "Folder with path '/' in environment with slug 'x' not found", "path-not-found"],
    [400, "Folder not found", "path-not-found"],
    [404, "Environment with slug 'x' not found", "path-not-found"],
    [404, "Project with 1 not found", "project-not-found"],
    [400, "Project not found", "project-not-found"],
    [404, "Route GET:/api/v3/secrets/raw not found", "wrong-address"],
    [404, "", "wrong-address"],
    [429, "Rate limit exceeded. Please try again in 7 seconds", "rate-limited"],
    [500, "Something went wrong", "server-failing"],
    [504, "Timeout error", "server-failing"],
    [400, "The request is invalid", "request-refused"],
    [422, '{"message":"no"}', "request-refused"],
  ])("%i %s: %s", (status, text, reason) => {
    expect(classify(requestError(status, text))).toMatchObject({ kind: failures[reason][0], reason });
  });

  test.each<[number, string, Reason]>([
    [401, "Invalid credentials", "credentials-rejected"],
    [403, "Invalid credentials", "credentials-rejected"],
    [401, "Access denied due to expired client secret", "credentials-rejected"],
    [401, "This identity auth method is temporarily locked, please try again later", "credentials-rejected"],
    [404, "Route POST:/api/v1/auth/universal-auth/login not found", "wrong-address"],
    [403, "You are not allowed to access this resource from the current IP address", "address-not-allowed"],
    [500, "Something went wrong", "server-failing"],
  ])("at the login, %i %s: %s", (status, text, reason) => {
    expect(classify(requestError(status, text, login))).toMatchObject({ reason });
  });

  test.each<[string, Reason]>([
    ["fetch failed", "unreachable"],
    ["This operation was aborted", "unreachable"],
    ["terminated", "unreachable"],
    ["Request failed with status 502", "server-failing"],
    ["Request failed with status 404", "wrong-address"],
    ["Request failed with status 429", "rate-limited"],
  ])("without a request, %s: %s", (text, reason) => {
    expect(classify(bareError(text))).toMatchObject({ reason });
  });

  test("says how long to wait, where the text does", () => {
    const text = "Rate limit exceeded. Please try again in 7 seconds";
    expect(classify(requestError(429, text))?.retryAfterMs).toBe(7_000);
    expect(classify(requestError(429, "Rate limit exceeded"))).not.toHaveProperty("retryAfterMs");
  });

  test("that says there is no such secret is no failure", () => {
    for (const error of [
      requestError(400, "Secret not found"),
      requestError(404, "Secret with name 'Folder not found' not found"),
    ]) {
      expect(understand(error)?.reason).toBe("no-such-secret");
      expect(classify(error)).toBeUndefined();
    }
    expect(classify(requestError(500, "Secret not found"))).toMatchObject({ reason: "server-failing" });
    expect(classify(requestError(403, "Secret not found"))).toMatchObject({ reason: "not-allowed" });
  });

  test("lends none of its text to the failure", () => {
    const failure = JSON.stringify(
      classify(requestError(403, "You are not allowed to read-marker on secrets")),
    );
    expect(failure).not.toMatch(/marker|workspaceId|8080/);
  });
});

describe("anything else", () => {
  test.each([
    [new Error("[URL=x] [Method=GET] [StatusCode=403] no")],
    [bareError("An error occurred")],
    ["Request failed with status 403"],
    [undefined],
    [null],
    [{ name: "InfisicalSDKError", message: "fetch failed" }],
  ])("%o is not classified", (thrown) => {
    expect(classify(thrown)).toBeUndefined();
  });
});

test("every failure of our own has its row", () => {
  for (const reason of Object.keys(failures) as Reason[]) {
    const failure = classify(new InfisicalFailure(reason, 5));
    expect(failure).toMatchObject({ kind: failures[reason][0], reason, retryAfterMs: 5 });
    expect(failure?.remedy).toMatch(/^[A-Z].*\. .*\.$/);
  }
});
