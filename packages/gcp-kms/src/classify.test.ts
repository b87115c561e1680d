import { describe, expect, test } from "vitest";
import { classify } from "./classify.ts";

// What needs Google's own sign-in service to happen, in the words of its answers and of google-auth-library.
describe("a failure to sign in is told from its words", () => {
  test.each([
    [
      "credentials-refused",
      14,
      "14 UNAVAILABLE: Getting metadata from plugin failed with error: invalid_grant",
    ],
    ["credentials-refused", 16, "invalid_grant: Invalid JWT Signature."],
    ["credentials-refused", undefined, "invalid_grant: Token has been expired or revoked."],
    ["credentials-refused", "400", "invalid_grant: reauth related error (invalid_rapt)"],
    [
      "token-unavailable",
      14,
      "14 UNAVAILABLE: Getting metadata from plugin failed with error: getaddrinfo ENOTFOUND",
    ],
    ["token-unavailable", 2, "2 UNKNOWN: Getting metadata from plugin failed with error: Premature close"],
    ["credentials-refused", 2, "2 UNKNOWN: Getting metadata from plugin failed with error: status code 403"],
    [
      "credentials-file-missing",
      2,
      "2 UNKNOWN: Getting metadata from plugin failed with error: The file at x does not exist, or it is not a file.",
    ],
    [
      "credentials-file-invalid",
      2,
      "2 UNKNOWN: Getting metadata from plugin failed with error: error:1E08010C:DECODER routines::unsupported",
    ],
  ])("%s of code %s", (reason, code, message) => {
    expect(classify(Object.assign(new Error(message), { code }))?.reason).toBe(reason);
  });
});

test.each(["ECONNREFUSED", "ENOTFOUND", "ECONNRESET"])("%s is a service that cannot be reached", (code) => {
  expect(classify(Object.assign(new Error(code), { code }))).toMatchObject({ kind: "unavailable" });
});

test("a wait is handed on in milliseconds", () => {
  const delay = { seconds: "2", nanos: 500_000_000 };
  const error = Object.assign(new Error(), {
    code: 8,
    statusDetails: [{ reason: "x" }, { retryDelay: delay }],
  });
  expect(classify(error)).toMatchObject({ kind: "throttled", retryAfterMs: 2_500 });
});

test.each([undefined, null, "text", 7, {}, new Error("7"), { code: 99 }, { code: 8, statusDetails: [null] }])(
  "%j is not taken for more than it is",
  (thrown) => {
    const failure = classify(thrown);
    expect(failure?.kind ?? "unknown").toMatch(/^(unknown|throttled)$/);
  },
);
