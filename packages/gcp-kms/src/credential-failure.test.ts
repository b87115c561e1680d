import { expect, test } from "vitest";
import { credentialFailure } from "./credential-failure.ts";

// What a test cannot bring about on every machine.
test.each([
  ["token-unavailable", { code: "EACCES", config: {} }],
  ["credentials-file-missing", { code: "EACCES" }],
  ["credentials-file-invalid", { code: "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE" }],
  ["token-unavailable", { code: "ERR_STREAM_PREMATURE_CLOSE" }],
  ["token-unavailable", { status: 407, config: {} }],
  [undefined, {}],
])("%s is told from %j", (reason, properties) => {
  expect(credentialFailure(Object.assign(new Error("failed"), properties))).toBe(reason);
});

test.each([undefined, null, "text", 7])("%j is not taken for more than it is", (thrown) => {
  expect(credentialFailure(thrown)).toBeUndefined();
});
