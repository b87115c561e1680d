import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodingsOf } from "./encodings.ts";
import { createRedactStream } from "./redact-stream.ts";
import { Redactor } from "./redactor.ts";

function holding(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.hold(value);
  return redactor;
}

async function streamed(redactor: Redactor, chunks: readonly string[]): Promise<string> {
  return joined(ReadableStream.from(chunks).pipeThrough(createRedactStream(redactor)));
}

async function joined(stream: ReadableStream<string>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

function cutAt(text: string, ...positions: number[]): string[] {
  const borders = [0, ...positions, text.length];
  return borders.slice(1).map((end, index) => text.slice(borders[index], end));
}

const value = 'k€y/"1"';
const redactor = holding(value, "hunter2", "hunter2-longer", "2-longest");
const texts: Record<string, string> = {
  plain: `a ${value} b`,
  "URL-encoded": `?k=${encodeURIComponent(value)}&`,
  "URL-encoded, lower-case": `?k=${encodeURIComponent(value).toLowerCase()}&`,
  "JSON in JSON": JSON.stringify(JSON.stringify({ value })),
  "base64, first alignment": Buffer.from(`${value}!`).toString("base64"),
  "base64, second alignment": Buffer.from(`:${value}!`).toString("base64url"),
  "base64, third alignment": Buffer.from(`::${value}!`).toString("base64"),
  "overlapping values": "hunter2-longest",
  "values that begin alike": "hunter2 hunter2-longer hunter2-long",
  "the beginning of a value at the end": "hunter2-longe",
  "values side by side": "hunter2hunter2-longerhunter2",
};

describe("a redacting stream says what redact says, cut at every position", () => {
  it.each(Object.entries(texts))("into two and three chunks: %s", async (_, text) => {
    const whole = redactor.redact(text);
    expect(whole).toContain("[secret]");
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        expect(await streamed(redactor, cutAt(text, first, second))).toBe(whole);
      }
    }
  });

  it.each(Object.entries(texts))("into single characters: %s", async (_, text) => {
    expect(await streamed(redactor, text.split(""))).toBe(redactor.redact(text));
  });
});

/** Few characters, so that values overlap, repeat and begin alike; none that stands in the mask. */
const unit = fc.constantFrom("a", "b", "0", " ", "/", '"', "é");
const cases = fc.array(fc.string({ unit, minLength: 1, maxLength: 9 }), { maxLength: 4 }).chain((values) => {
  const forms = values.flatMap((each) => [...encodingsOf(each)]);
  const pieces = fc.oneof(fc.constantFrom("", ...forms), fc.string({ unit, maxLength: 3 }));
  return fc.record({
    values: fc.constant(values),
    text: fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
    cuts: fc.array(fc.nat({ max: 80 }), { maxLength: 8 }),
  });
});

describe("for any values, text and chunks", () => {
  it("the stream says what redact says of the whole, and no form comes through", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ values, text, cuts }) => {
        const masking = holding(...values);
        const borders = cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b);
        const output = await streamed(masking, cutAt(text, ...borders));
        expect(output).toBe(masking.redact(text));
        for (const masked of values.filter(({ length }) => length >= 4)) {
          for (const form of encodingsOf(masked)) expect(output).not.toContain(form);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what a stream holds back", () => {
  it("is nothing that no value begins with, but for the last three characters", () => {
    expect(redactor.scan({ text: "plain text", masked: 0 }, false).done).toBe("plain t");
  });

  it("is no more than the longest form of a value", () => {
    const longest = Math.max(...[...encodingsOf("hunter2-longer")].map(({ length }) => length));
    const text = `${"x".repeat(100)}hunter2-longe`;
    const { done, held } = redactor.scan({ text, masked: 0 }, false);
    expect(done).toBe("x".repeat(100));
    expect(held.text.length).toBeLessThan(longest);
  });

  it("goes on at once when the next chunk decides", async () => {
    const transform = createRedactStream(redactor);
    const writer = transform.writable.getWriter();
    const reader = transform.readable.getReader();
    void writer.write("see hunt");
    expect(await reader.read()).toEqual({ done: false, value: "see " });
    void writer.write("ing season");
    expect(await reader.read()).toEqual({ done: false, value: "hunting sea" });
    await Promise.all([
      writer.close(),
      expect(reader.read()).resolves.toEqual({ done: false, value: "son" }),
    ]);
  });

  it("masks a value that became known in the middle of the stream", async () => {
    const masking = holding("hunter2");
    const transform = createRedactStream(masking);
    const writer = transform.writable.getWriter();
    const output = joined(transform.readable);
    await writer.write("before, late-");
    masking.hold("late-value");
    await writer.write("value; late-value");
    await writer.close();
    expect(await output).toMatch(/^before, .*\[secret\]$/);
  });
});
