import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodingsOf } from "./encodings.ts";

/** Written by hand from the encodings' own definitions, so that the test does not repeat the code. */
const value = 'pä/s+w? "d\\';

describe("the forms of a value", () => {
  const forms = encodingsOf(value);

  it.each([
    ["plain", value],
    ["URL-encoded, upper-case", "p%C3%A4%2Fs%2Bw%3F%20%22d%5C"],
    ["URL-encoded, lower-case", "p%c3%a4%2fs%2bw%3f%20%22d%5c"],
    ["URL-encoded where / + ? may stay", "p%C3%A4/s+w?%20%22d%5C"],
    ["a form's field, upper-case", "p%C3%A4%2Fs%2Bw%3F+%22d%5C"],
    ["a form's field, lower-case", "p%c3%a4%2fs%2bw%3f+%22d%5c"],
    ["JSON-escaped", 'pä/s+w? \\"d\\\\'],
    ["JSON-escaped twice", 'pä/s+w? \\\\\\"d\\\\\\\\'],
    ["JSON-escaped with slashes", 'pä\\/s+w? \\"d\\\\'],
    ["JSON-escaped to ASCII, lower-case", 'p\\u00e4/s+w? \\"d\\\\'],
    ["JSON-escaped to ASCII, upper-case", 'p\\u00E4/s+w? \\"d\\\\'],
    ["JSON-escaped to ASCII with slashes, as by PHP", 'p\\u00e4\\/s+w? \\"d\\\\'],
    ["JSON-escaped with all that HTML knows, as by .NET", "p\\u00E4/s\\u002Bw? \\u0022d\\\\"],
  ])("%s", (_, form) => {
    expect(forms).toContain(form);
  });

  it("has the strict URL encoding, in which !'()*~ are escaped too", () => {
    expect(encodingsOf("a!'()*~b")).toContain("a%21%27%28%29%2A%7Eb");
  });

  it("has the JSON for HTML, in which <>& are escaped", () => {
    expect(encodingsOf("<a>&b")).toContain("\\u003ca\\u003e\\u0026b");
    expect(encodingsOf("<a>&b")).toContain("\\u003Ca\\u003E\\u0026b");
  });

  it("escapes what lies outside the basic plane as two units", () => {
    expect(encodingsOf("key😀")).toContain("key\\ud83d\\ude00");
  });

  it("takes half a surrogate pair without failing", () => {
    expect(encodingsOf("half \ud83d pair")).toContain("half%20%EF%BF%BD%20pair");
  });
});

describe("base64", () => {
  const arbitraryBytes = fc.uint8Array({ maxLength: 20 });

  it.each(["base64", "base64url"] as const)(
    "%s is found at all three alignments, whatever surrounds it",
    (encoding) => {
      fc.assert(
        fc.property(
          fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 }),
          arbitraryBytes,
          arbitraryBytes,
          (text, before, after) => {
            const whole = Buffer.concat([before, Buffer.from(text), after]).toString(encoding);
            const found = [...encodingsOf(text)].some((form) => whole.includes(form));
            expect(found).toBe(true);
          },
        ),
      );
    },
  );

  it("leaves out no more than the characters that depend on the neighbours", () => {
    const text = "an API key";
    for (const before of ["", "u", "us"]) {
      const whole = Buffer.from(before + text)
        .toString("base64")
        .replace(/=+$/, "");
      const longest = Math.max(
        ...[...encodingsOf(text)].filter((form) => whole.includes(form)).map(({ length }) => length),
      );
      expect(longest).toBeGreaterThanOrEqual(Math.floor((text.length * 8 - 10) / 6));
    }
  });
});

describe("values of several lines", () => {
  const begin = "-----BEGIN PRIVATE KEY-----";
  const lines = [
    begin,
    "MIIEvQIBADANBgkqhkiG9w0BAQEF",
    "short",
    "AASCBKcwggSjAgEAAoIBAQC7VJTU",
    "-----END PRIVATE KEY-----",
  ];

  it.each(["\n", "\r\n", "\r"])("have each long line as a form of its own, with %j between", (separator) => {
    const forms = encodingsOf(lines.join(separator));
    expect(forms).toContain(lines.join(separator));
    expect(forms).toContain(lines[1]);
    expect(forms).toContain(lines[3]);
    expect(forms).toContain(
      Buffer.from(lines[1] ?? "")
        .toString("base64")
        .replace(/=+$/, "")
        .slice(0, -1),
    );
  });

  it("do not have what stands in ordinary text: armour and short lines", () => {
    const forms = encodingsOf(lines.join("\n"));
    expect(forms).not.toContain(begin);
    expect(forms).not.toContain("short");
  });
});

it("no form is shorter than what is masked", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 4 }), (text) => {
      for (const form of encodingsOf(text)) expect(form.length).toBeGreaterThanOrEqual(4);
    }),
  );
});
