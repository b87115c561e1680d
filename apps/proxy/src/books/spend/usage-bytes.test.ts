import { expect, test } from "vitest";
import { HiddenUsage } from "./hidden-usage.ts";
import { UsageScan } from "./usage-scan.ts";

const usage =
  '{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":1},"x":"}{\\""}';
const counted = { promptTokens: 3, completionTokens: 4, cachedTokens: 1 };

function scan(...chunks: readonly (string | Buffer)[]) {
  const found = new UsageScan();
  for (const chunk of chunks) found.see(Buffer.from(chunk));
  return found.usage;
}

test.each([
  ["at the end", `{"choices":[{"message":{"content":"\\"usage\\":{ 🌍"}}],"usage":${usage}}`],
  ["in front", `{"usage" : ${usage},"choices":[]}`],
  ["in events", `data: {"usage":null}\n\ndata: {"choices":[],"usage": ${usage}}\n\ndata: [DONE]\n\n`],
])("usage %s is found wherever the bytes are cut", (_, text) => {
  const bytes = Buffer.from(text);
  expect(scan(bytes)).toEqual(counted);
  for (let first = 1; first < bytes.length; first++) {
    expect(scan(bytes.subarray(0, first), bytes.subarray(first))).toEqual(counted);
    const second = Math.min(bytes.length, first + 3);
    expect(scan(bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second))).toEqual(
      counted,
    );
  }
  expect(scan(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(counted);
});

test("the last counts are taken, what is none is not, and something endless is given up", () => {
  expect(scan(`{"usage":{"prompt_tokens":1}}{"usage":${usage}}{"usage":{}}{"usage":null}`)).toEqual(counted);
  expect(scan('{"usage":{"prompt_tokens":"many"}}')).toBeUndefined();
  expect(scan(`{"usage":{"x":"${"y".repeat(20_000)}`, `"},"usage":${usage}}`)).toEqual(counted);
});

const content = 'data: {"choices":[{"delta":{"content":"🌍"}}],"usage":null}';
const alone = `data: {"choices":[],"usage":${usage}}`;
const filtered = 'data: {"choices":[],"prompt_filter_results":[]}';

function hide(...chunks: readonly Buffer[]): string {
  const hidden = new HiddenUsage();
  return Buffer.concat([...chunks.map((chunk) => hidden.pass(chunk)), hidden.rest()]).toString();
}

test.each(["\n\n", "\r\n\r\n"])(
  "the event with usage alone is taken out, wherever the bytes are cut (%j)",
  (end) => {
    const bytes = Buffer.from([filtered, content, content, alone, "data: [DONE]", ""].join(end));
    const expected = [filtered, content, content, "data: [DONE]", ""].join(end);
    expect(hide(bytes)).toBe(expected);
    for (let at = 1; at < bytes.length; at++)
      expect(hide(bytes.subarray(0, at), bytes.subarray(at))).toBe(expected);
    expect(hide(...Array.from(bytes, (byte) => Buffer.of(byte)))).toBe(expected);
  },
);

test("an event of any length passes, and what follows it is still looked at", () => {
  const long = `data: {"choices":[{"delta":{"content":"${"x".repeat(100_000)}"}}]}\n\n`;
  const bytes = Buffer.from(`${long}${alone}\n\n${content}\n\nhalf`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 30_000) }, (_, index) =>
    bytes.subarray(index * 30_000, (index + 1) * 30_000),
  );
  expect(hide(...chunks)).toBe(`${long}${content}\n\nhalf`);
});
