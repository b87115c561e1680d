import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { literal, outline, pythonRepr } from "../test/literals.ts";
import recorded from "../test/python-literals.json" with { type: "json" };
import { parseBytesLiteral } from "./bytes-literal.ts";

const hexOf = (text: string) => {
  const bytes = parseBytesLiteral(text);
  return bytes ? Buffer.from(bytes).toString("hex") : null;
};

describe("a bytes literal", () => {
  test.each([
    [String.raw`b'\n$\x00D\xac\xb4/\x8e'`, "0a240044acb42f8e"],
    ['b"it\'s"', "69742773"],
    [String.raw`b'say "\'"'`, "73617920222722"],
    [String.raw`B'\0\07\012\101\377'`, "00070a41ff"],
    [String.raw`b'\08\1234'`, "00385334"],
    [String.raw`b'\a\b\f\n\r\t\v\\\'\"'`, "07080c0a0d090b5c2722"],
    ["b''", ""],
  ])("%s", (text, hex) => {
    expect(hexOf(text)).toBe(hex);
  });

  test.each([
    ["no prefix", "'abc'"],
    ["no closing quote", "b'abc"],
    ["another closing quote", "b'abc\""],
    ["an escaped closing quote", String.raw`b'abc\'`],
    ["only a quote", "b'"],
    ["a raw string", String.raw`rb'\n$'`],
    ["triple quotes", "b'''abc'''"],
    ["two literals", "b'a' b'c'"],
    ["an unknown escape", String.raw`b'\q'`],
    ["an octal escape above a byte", String.raw`b'\400'`],
    ["half a hexadecimal escape", String.raw`b'\x0'`],
    ["a line break", "b'a\nb'"],
    ["a continued line", "b'a\\\nb'"],
    ["a carriage return", "b'a\rb'"],
    ["NUL", "b'a\0b'"],
    ["text beyond ASCII", "b'é'"],
    ["an expression", "b'a' + b'c'"],
    ["a call", "__import__('os').system('true')"],
    ["a call in the middle", "b'' if __import__('os') else b''"],
    ["backticks", "b`process.exit(1)`"],
  ])("is refused with %s", (_what, text) => {
    expect(parseBytesLiteral(text)).toBeUndefined();
  });

  test("gives back the bytes of whatever Python prints", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseBytesLiteral(pythonRepr(bytes))).toEqual(bytes);
      }),
    );
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const candidate of [text, `b'${text}'`, `b"${text}"`]) {
          const bytes = parseBytesLiteral(candidate);
          expect(bytes === undefined || bytes.length <= candidate.length).toBe(true);
        }
      }),
    );
  });

  test("is read as Python read it when these cases were recorded", () => {
    expect(recorded.length).toBeGreaterThan(300);
    for (const [text, hex] of recorded) expect([text, hexOf(text ?? "")]).toEqual([text, hex]);
  });

  const python = spawnSync("python3", ["--version"]);
  const missing =
    python.status === 0 ? "" : " (skipped: there is no python3 here; the recorded cases stand in)";
  test.skipIf(missing)(`is read as Python reads it, 100,000 times${missing}`, { timeout: 120_000 }, () => {
    const texts = fc.sample(literal, 100_000);
    const { stdout, stderr } = spawnSync("python3", [join(import.meta.dirname, "../test/read-literals.py")], {
      input: JSON.stringify(texts),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    expect(stderr).toBe("");
    const answers: (string | null)[] = JSON.parse(stdout);
    expect(answers).toHaveLength(100_000);
    const seen = { read: 0, refused: 0, more: 0 };
    const disagreements: string[] = [];
    texts.forEach((text, index) => {
      const ours = hexOf(text);
      const python = answers[index] ?? null;
      if (ours === python) seen[ours === null ? "refused" : "read"] += 1;
      // Python goes on to read a comment or a second literal after the first; these are no single literal.
      else if (ours === null && !outline.test(text)) seen.more += 1;
      else disagreements.push(text);
    });
    expect(disagreements).toEqual([]);
    expect(seen.read).toBeGreaterThan(60_000);
    expect(seen.refused).toBeGreaterThan(5_000);
  });
});
