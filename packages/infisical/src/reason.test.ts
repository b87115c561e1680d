import { expect, test } from "vitest";
import { reasonFor, reasonForNetwork } from "./reason.ts";

test.each([
  ["ECONNREFUSED", "unreachable"],
  ["ENOTFOUND", "unreachable"],
  ["UND_ERR_SOCKET", "unreachable"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "unreachable"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate-rejected"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "certificate-rejected"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate-rejected"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate-rejected"],
  ["CERT_HAS_EXPIRED", "certificate-rejected"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-rejected"],
])("fetch that rejects with %s is %s", (code, reason) => {
  const cause = Object.assign(new Error("the system's words"), { code });
  expect(reasonForNetwork(new TypeError("fetch failed", { cause }))).toBe(reason);
});

test("fetch that rejects without a cause is unreachable", () => {
  expect(reasonForNetwork(new TypeError("fetch failed"))).toBe("unreachable");
  expect(reasonForNetwork(undefined)).toBe("unreachable");
});

test.each([301, 302, 307, 308])("a redirect (%i) is a wrong address, at the login too", (status) => {
  for (const operation of ["login", "read"] as const) {
    expect(reasonFor({ status, text: "", operation })).toBe("wrong-address");
  }
});
