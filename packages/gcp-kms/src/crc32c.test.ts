import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c as reference } from "../test/reference-crc32c.ts";
import { crc32c } from "./crc32c.ts";

test.each([
  ["nothing", Buffer.alloc(0), 0],
  ["the check text of the catalogue", Buffer.from("123456789"), 0xe3069283],
  ["32 zeros, RFC 3720", Buffer.alloc(32), 0x8a9136aa],
  ["32 ones, RFC 3720", Buffer.alloc(32, 0xff), 0x62a8ab43],
  ["0 to 31, RFC 3720", Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
])("the checksum of %s", (_what, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
});

test("is what its definition computes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32c(bytes) === reference(bytes)));
});
