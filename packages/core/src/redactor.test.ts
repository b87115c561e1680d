import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodingsOf } from "./encodings.ts";
import { Redactor } from "./redactor.ts";

function holding(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.hold(value);
  return redactor;
}

describe("redact", () => {
  it("leaves text alone while nothing is held", () => {
    expect(holding().redact("anything at all")).toBe("anything at all");
  });

  it("masks each occurrence, at the beginning, in the middle and at the end", () => {
    const redactor = holding("hunter2");
    expect(redactor.redact("hunter2, hunter2hunter2 and hunter2")).toBe(
      "[secret], [secret][secret] and [secret]",
    );
  });

  it("masks a value in a URL, a form, JSON, JSON in JSON, and a basic auth header", () => {
    const value = 'p@ss/w"rd+1 ü';
    const redactor = holding(value);
    const json = JSON.stringify({ value });
    const texts = [
      `https://host/?key=${encodeURIComponent(value)}&more`,
      `https://host/?${new URLSearchParams({ key: value })}&more`,
      json,
      JSON.stringify({ body: json }),
      `Authorization: Basic ${Buffer.from(`user:${value}`).toString("base64")}`,
      `jwt.${Buffer.from(`{"k":"${value}"}`).toString("base64url")}.sig`,
    ];
    for (const text of texts) {
      const redacted = redactor.redact(text);
      expect(redacted).toContain("[secret]");
      for (const form of encodingsOf(value)) expect(redacted).not.toContain(form);
    }
  });

  it("masks the longest of several values that begin alike", () => {
    const redactor = holding("sk-live", "sk-live-extended", "sk-live-ext");
    expect(redactor.redact("sk-live-extended sk-live-exten sk-live")).toBe("[secret] [secret]en [secret]");
  });

  it("masks values that overlap as one", () => {
    const redactor = holding("abcdef", "defghi", "efgh");
    expect(redactor.redact("xabcdefghix")).toBe("x[secret]x");
    expect(redactor.redact("xabcdefghx")).toBe("x[secret]x");
  });

  it("masks a value that overlaps itself", () => {
    expect(holding("abab").redact("xabababx")).toBe("x[secret]x");
  });

  it("leaves values of fewer than four characters alone", () => {
    expect(holding("abc", "").redact("abc abcd")).toBe("abc abcd");
  });

  it("tells apart values whose first four characters differ", () => {
    expect(holding("aaaaX", "bbbbX").redact("aaaaY bbbbX")).toBe("aaaaY [secret]");
  });

  it("masks every occurrence of every form, and nothing else", () => {
    fc.assert(
      fc.property(valuesAndText, ({ values, text }) => {
        expect(holding(...values).redact(text)).toBe(maskedByHand(values, text));
      }),
    );
  });
});

describe("holds", () => {
  it("are counted: a value is masked until the last hold on it ends", () => {
    const redactor = holding("hunter2", "hunter2");
    redactor.retire("hunter2");
    crowdOut(redactor);
    expect(redactor.redact("hunter2")).toBe("[secret]");
    redactor.retire("hunter2");
    crowdOut(redactor);
    expect(redactor.redact("hunter2")).toBe("hunter2");
  });

  it("leave the last thousand values masked when they have ended", () => {
    const redactor = holding("first-value");
    redactor.retire("first-value");
    for (let number = 1; number < 1_000; number += 1) holdBriefly(redactor, `value-${number};`);
    expect(redactor.redact("first-value value-1; value-999;")).toBe("[secret] [secret] [secret]");
    holdBriefly(redactor, "value-1000;");
    expect(redactor.redact("first-value value-1; value-1000;")).toBe("first-value [secret] [secret]");
  });

  it("taken anew bring a retired value back for good", () => {
    const redactor = holding("hunter2");
    redactor.retire("hunter2");
    redactor.hold("hunter2");
    crowdOut(redactor);
    expect(redactor.redact("hunter2")).toBe("[secret]");
  });

  it("that were never taken are not ended", () => {
    const redactor = holding("hunter2");
    redactor.retire("another");
    redactor.retire("ab");
    expect(redactor.redact("hunter2 another")).toBe("[secret] another");
  });

  it("keep a form that another value shares", () => {
    const redactor = holding("a bcd", "a+bcd");
    redactor.retire("a bcd");
    crowdOut(redactor);
    expect(redactor.redact("a+bcd a bcd")).toBe("[secret] a bcd");
  });
});

function holdBriefly(redactor: Redactor, value: string): void {
  redactor.hold(value);
  redactor.retire(value);
}

function crowdOut(redactor: Redactor): void {
  for (let number = 0; number < 1_000; number += 1) holdBriefly(redactor, `filler-${number};`);
}

/** Few characters, so that values overlap, repeat and begin alike; none that stands in the mask. */
const unit = fc.constantFrom("a", "b", "0", " ", "/", '"', "é", "\n");
const valuesAndText = fc
  .array(fc.string({ unit, minLength: 4, maxLength: 9 }), { minLength: 1, maxLength: 4 })
  .chain((values) => {
    const forms = values.flatMap((value) => [...encodingsOf(value)]);
    const pieces = fc.oneof(fc.constantFrom(...forms), fc.string({ unit, maxLength: 3 }));
    return fc.record({
      values: fc.constant(values),
      text: fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join("")),
    });
  });

/** The definition: all occurrences of all forms; those that overlap are one stretch, those that touch are two. */
function maskedByHand(values: readonly string[], text: string): string {
  const forms = values.flatMap((value) => [...encodingsOf(value)]);
  const longestAt = (start: number) =>
    Math.max(0, ...forms.filter((form) => text.startsWith(form, start)).map(({ length }) => length));
  let result = "";
  let maskedTo = 0;
  for (let start = 0; start < text.length; start += 1) {
    const end = start + longestAt(start);
    if (start >= maskedTo) result += end > start ? "[secret]" : text[start];
    maskedTo = Math.max(maskedTo, end);
  }
  return result;
}
