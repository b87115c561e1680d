import { inspect } from "node:util";
import { createSecrets, isSecretError } from "@keyward/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";
import { findReachable } from "../test/find-reachable.ts";
import { situations } from "../test/situations.ts";
import { classify } from "./classify.ts";
import { failures } from "./failures.ts";

const { signal } = new AbortController();
let azure: FakeAzure;

beforeEach(async () => {
  azure = await FakeAzure.start();
  azure.vault.secrets.set("A", azure.value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await azure.close();
});

describe.each(situations)("$what", ({ reason, retryAfterMs, key = "A", arrange }) => {
  const failure = { ...failures[reason], reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };

  test(`is ${reason}`, async () => {
    const provider = azure.provider(await arrange(azure));
    const error = await provider.readSecret(key, { signal }).then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown,
    );
    expect(provider.classify?.(error)).toEqual(failure);
    expect(findReachable(error, azure.sensitive())).toEqual([]);
  });

  test("says so to the application", async () => {
    const provider = azure.provider(await arrange(azure));
    await using secrets = createSecrets({ providers: [provider], retry: { attempts: 1 } });
    const error = await secrets.get(key).then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown,
    );
    if (!isSecretError(error)) throw error;
    if (reason === "name-invalid") {
      expect(error).toMatchObject({ code: "invalid_name", message: expect.stringContaining("Rename") });
      return;
    }
    expect(error).toMatchObject({ code: failure.kind, key, provider: provider.name, reason });
    expect(error.message).toContain(failure.remedy);
    expect(findReachable(error, azure.sensitive())).toEqual([]);
    expect(findReachable([inspect(error, { depth: 9, showHidden: true })], azure.sensitive())).toEqual([]);
  });
});

test("every failure in the table can be brought about", () => {
  const reasons = new Set<string>(situations.map(({ reason }) => reason));
  expect(Object.keys(failures).filter((reason) => !reasons.has(reason))).toEqual([]);
});

test("an error from elsewhere is not known here", () => {
  for (const thrown of [new Error("else"), new TypeError("else"), "text", undefined, null, { name: 5 }]) {
    expect(classify(thrown)).toBeUndefined();
  }
});

test("the walk that looks for leaks finds what the SDK's own error would give away", () => {
  const headers = new Map([["authorization", { value: "Bearer hush" }]]);
  const error = Object.defineProperty(new Error("failed"), "request", { value: { headers } });
  expect(findReachable(error, ["hush"])).toEqual(["error.request.headers[].value"]);
});
