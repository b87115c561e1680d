import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64 } from "./base64.ts";

describe("base64", () => {
  test("is read in both alphabets, with and without padding", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const standard = Buffer.from(bytes).toString("base64");
        const urlSafe = Buffer.from(bytes).toString("base64url");
        for (const text of [standard, standard.replace(/=+$/, ""), urlSafe]) {
          expect(decodeBase64(text)).toEqual(bytes);
        }
      }),
    );
  });

  test("padded is read in the URL-safe alphabet too", () => {
    expect(decodeBase64("-_8=")).toEqual(Uint8Array.of(0xfb, 0xff));
  });

  test.each([
    ["a character of neither alphabet", "CiQ!"],
    ["both alphabets", "+-+-"],
    ["too much padding", "Zm9v="],
    ["too little padding", "Zg="],
    ["padding in the middle", "Zg==Zg=="],
    ["bits left over", "Zh=="],
    ["a single character left over", "Zm9vY"],
    ["a blank", "Zm9v Zm9v"],
  ])("is refused with %s", (_what, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
