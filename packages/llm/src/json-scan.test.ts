import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonScanError, scanObject } from "./json-scan.ts";

function scan(text: string): Record<string, unknown> {
  const bytes = Buffer.from(text);
  const members: [string, unknown][] = [];
  scanObject(bytes, (key, value) => {
    const read = (span: { start: number; end: number }) => bytes.toString("utf8", span.start, span.end);
    members.push([read(key), JSON.parse(read(value))]);
  });
  return Object.fromEntries(members);
}

test("finds what JSON.parse finds, however the object is written", () => {
  const key = fc.string().filter((text) => JSON.stringify(text) === `"${text}"`);
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue()), fc.constantFrom(0, 1, "\t"), (object, indent) => {
      const text = JSON.stringify(object, undefined, indent);
      expect(scan(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("takes escaped quotes and backslashes in values for what they are", () => {
  const object = { a: '\\"', b: "\\\\", c: ['"}', "]"], d: "x" };
  expect(scan(JSON.stringify(object))).toEqual(object);
});

test.each([
  ["nothing", ""],
  ["an array", "[]"],
  ["no end", '{"a":1'],
  ["no end in a string", '{"a":"b'],
  ["no end in a value", '{"a":[1'],
  ["no value", '{"a":}'],
  ["no colon", '{"a" 1}'],
  ["no comma", '{"a":1 "b":2}'],
  ["a comma too many", '{"a":1,}'],
  ["a bare key", "{a:1}"],
  ["a key with an escape", '{"mod\\u0065l":1}'],
  ["something behind it", '{"a":1}{"a":2}'],
])("refuses %s", (_, text) => {
  expect(() => scan(text)).toThrow(JsonScanError);
});
