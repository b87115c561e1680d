import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeKeys } from "../test/fake-keys.ts";
import { keyName } from "../test/harness.ts";
import { pythonRepr } from "../test/literals.ts";
import { readCiphertext } from "./ciphertext.ts";

const keys = new FakeKeys();
keys.create(keyName);
const bytes = new Uint8Array(
  keys.encrypt({
    name: keyName,
    data: Buffer.from("postgres://user:password@host/database"),
    dataChecksum: undefined,
    additionalAuthenticatedData: Buffer.alloc(0),
    additionalAuthenticatedDataChecksum: undefined,
  }).ciphertext,
);
const base64 = Buffer.from(bytes).toString("base64");
const literal = pythonRepr(bytes);
const hexLiteral = `b'${Buffer.from(bytes).toString("hex").replace(/../g, "\\x$&")}'`;
const octalLiteral = `b"${Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}"`;

describe("a ciphertext is read", () => {
  test.each([
    ["base64", base64],
    ["base64 without padding", base64.replace(/=+$/, "")],
    ["base64url", Buffer.from(bytes).toString("base64url")],
    ["base64 in lines of 76, as the base64 command prints it", base64.replace(/.{76}/g, "$&\n")],
    ["base64 in quotes that docker --env-file left", `"${base64}"`],
    ["base64 with blanks around it", `  ${base64}\n`],
    ["what Python prints", literal],
    ["what Python prints, with blanks around it", `\t${literal} \r\n`],
    ["a literal in hexadecimal", hexLiteral],
    ["a literal in octal, in double quotes", octalLiteral],
    ["a literal in quotes", `"${hexLiteral}"`],
    ["a literal in two pairs of quotes, with blanks between them", `"' ${hexLiteral} '"`],
    ["a literal in typographic quotes", `“${hexLiteral}”`],
    ["a literal behind a line break", `\n${hexLiteral}`],
    ["a literal behind a byte order mark", `\ufeff${hexLiteral}`],
    ["a literal behind a blank of another kind", `\u00a0${hexLiteral}`],
    ["base64 behind a blank that has no width", `\u200b${base64}`],
    ["what Python prints of base64", `b'${base64}'`],
    ["what Python prints of base64, whose quotes the shell took", `b${base64}`],
    [
      "a literal whose quotes the shell took",
      literal.replace(/^b'(.*)'$/s, "b$1").replace(/^b"(.*)"$/s, "b$1"),
    ],
    ["a literal that has lost its b as well", hexLiteral.slice(2, -1)],
    [
      "a literal whose \\n and \\r became line breaks",
      literal.replaceAll("\\n", "\n").replaceAll("\\r", "\r"),
    ],
  ])("from %s", (_what, text) => {
    expect(readCiphertext(text)).toEqual({ kind: "ciphertext", bytes });
  });

  test.each(["", "\n", "\r\n", "  "])(
    "when the shell took the quotes, and its last byte is a blank (then %j)",
    (after) => {
      const blank = Uint8Array.of(...bytes.subarray(0, -1), 0x20);
      const value = pythonRepr(blank).replace(/^b(["'])(.*)\1$/s, "b$2");
      expect(readCiphertext(value + after)).toEqual({ kind: "ciphertext", bytes: blank });
    },
  );

  test("from every literal that double quotes in .env have interpreted", () => {
    const ciphertext = fc.uint8Array({ maxLength: 60 }).map((rest) => Buffer.from([0x0a, 0x24, ...rest]));
    fc.assert(
      fc.property(ciphertext, (whole) => {
        const interpreted = pythonRepr(whole).replaceAll("\\n", "\n").replaceAll("\\r", "\r");
        expect(readCiphertext(interpreted)).toEqual({ kind: "ciphertext", bytes: new Uint8Array(whole) });
      }),
    );
  });
});

describe("a value is plain", () => {
  test.each([
    ["an empty text", ""],
    ["blanks", "  \n"],
    ["a word", "true"],
    ["a URL", "postgres://user:password@localhost:5432/app"],
    ["an API key", "sk-proj-4Nf0Xx9QeWb"],
    ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["JSON", '{"b":"\\n$"}'],
    ["base64 of something else", Buffer.from("b'\\n$\\x00' as text").toString("base64")],
    ["a short word that begins like a ciphertext", "CiTy"],
    ["text about bytes", "bytes'"],
    ["a password that begins like a literal", "b'7(k]Qz"],
    ["a path with backslashes", "C:\\new\\x64\\$Recycle"],
    ["a shell's text", 'echo "one\\n$two"'],
    ["a key in PEM", `-----BEGIN KEY-----\n${"TUlJRXZR".repeat(40)}\n-----END KEY-----`],
  ])("when it is %s", (_what, text) => {
    expect(readCiphertext(text)).toEqual({ kind: "plain" });
  });

  test("when it is a random key in base64", () => {
    for (let round = 0; round < 2000; round++) {
      const key = randomBytes(round % 100);
      key[0] = 0x80;
      expect(readCiphertext(key.toString("base64")).kind).toBe("plain");
    }
  });
});

describe("a value that resembles a ciphertext is never called plain", () => {
  test.each([
    ["a literal that # has cut", literal.slice(0, 60)],
    ["a literal without its closing quote", literal.slice(0, -1)],
    ["a literal with an unknown escape", String.raw`b'\n$\x00\q'`],
    ["any literal that is broken", "b'\\x"],
    ["a literal with another letter in front", `c${literal.slice(1)}`],
    ["a literal with another quote in front", `b(${literal.slice(2)}`],
    ["base64 behind its name", `DATABASE_URL=${base64}`],
    ["base64 behind a prefix", `base64:${base64}`],
    ["base64 in JSON, as Cloud KMS answers over REST", JSON.stringify({ ciphertext: base64 })],
    ["base64 in JSON that is cut", JSON.stringify({ ciphertext: base64 }).slice(0, 40)],
    ["base64 that has lost its first letter", base64.slice(1)],
    ["base64 in a quote that was never closed", `"${base64}`],
    ["base64 in a quote that was never closed, and cut", `"${base64}`.slice(0, 40)],
    ["base64 in a literal that was cut", `b'${base64}'`.slice(0, 40)],
    ["hexadecimal", Buffer.from(bytes).toString("hex")],
    ["hexadecimal that is cut", Buffer.from(bytes).toString("hex").slice(0, 30)],
    [
      "hexadecimal in pairs",
      Buffer.from(bytes)
        .toString("hex")
        .replace(/..(?=.)/g, "$&:"),
    ],
    ["a literal whose quotes are escaped", `b\\"${hexLiteral.slice(2, -1)}\\"`],
    ["a literal in JSON", JSON.stringify({ ciphertext: literal })],
    ["a literal in JSON that is cut", JSON.stringify({ ciphertext: literal }).slice(0, 60)],
    ["a raw literal", `r${literal}`],
    ["a call with a literal", `bytes(${literal})`],
    [
      "a literal in several pieces",
      `(${pythonRepr(bytes.subarray(0, 25))}\n ${pythonRepr(bytes.subarray(25))})`,
    ],
    ["a literal without its quotes, whose first escape is damaged", `b\\o${hexLiteral.slice(6, -1)}`],
    ["base64 that ends in an ellipsis", `${base64.slice(0, 40)}...`],
    ["base64 with percent signs", encodeURIComponent(`${base64.slice(0, 20)}+${base64.slice(21, 40)}`)],
  ])("%s", (_what, text) => {
    expect(readCiphertext(text)).toEqual({ kind: "malformed" });
  });

  test("base64 that is cut anywhere behind its first characters", () => {
    for (let length = 8; length < base64.length; length++) {
      expect(readCiphertext(base64.slice(0, length)).kind).not.toBe("plain");
    }
  });

  test("a ciphertext with any one bit flipped", () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readCiphertext(flipped.toString("base64")).kind).toBe("ciphertext");
      expect(readCiphertext(pythonRepr(flipped)).kind).toBe("ciphertext");
    }
  });

  test.each([
    ["base64", base64],
    ["a literal", literal],
  ])("%s with any one bit of its text flipped", (_what, text) => {
    for (let bit = 0; bit < text.length * 7; bit++) {
      const flipped = Buffer.from(text, "latin1");
      flipped.writeUInt8(flipped.readUInt8(Math.floor(bit / 7)) ^ (1 << (bit % 7)), Math.floor(bit / 7));
      expect(readCiphertext(flipped.toString("latin1")).kind).not.toBe("plain");
    }
  });
});

test.each(["=", "\\", " ", "'", "(", "\n", "b'\\", "Ci", "0a24", "\\n$"])(
  "reading a long text of %j takes no time",
  (piece) => {
    const text = `${piece.repeat(500_000 / piece.length)}x`;
    // What looks again at each place for all that follows would outlast any test.
    expect(["ciphertext", "plain", "malformed"]).toContain(readCiphertext(text).kind);
  },
);
