import { expect, test } from "vitest";
import { encodeModel, readRequestHead, withModel } from "./request-head.ts";

const long = "x".repeat(100_000);

test.each([
  ["short", ""],
  ["long", long],
])("reads model and stream of a %s body", (_, content) => {
  const bytes = Buffer.from(JSON.stringify({ messages: [{ content }], model: "größe/1", stream: true }));
  expect(readRequestHead(bytes)).toMatchObject({ model: "größe/1", stream: true });
});

test("takes an absent or null stream for none", () => {
  expect(readRequestHead(Buffer.from('{"model":"a"}')).stream).toBe(false);
  expect(readRequestHead(Buffer.from('{"model":"a","stream":null}')).stream).toBe(false);
});

test("does not take a model from inside the messages", () => {
  const bytes = Buffer.from('{"messages":[{"model":"inner"}],"model":"outer"}');
  expect(readRequestHead(bytes).model).toBe("outer");
});

test.each([
  ["an absent model", "{}", "model"],
  ["a model that is no text", '{"model":1}', "model"],
  ["a stream that is no flag", '{"model":"a","stream":"yes"}', "stream"],
  ["a second model", '{"model":"a","model":"b"}', "model"],
  ["a second model in a long body", `{"model":"a","x":"${long}","model":"b"}`, "model"],
  ["an escaped key", '{"mod\\u0065l":"a","model":"b"}', undefined],
  ["what is no JSON", "model=a", undefined],
  ["what is no object", '["model"]', undefined],
  ["a short body with a mistake inside", '{"model":"a","messages":[nope]}', undefined],
  ["a space that JSON does not know", '{"model":"a",\u00a0"n":1}', undefined],
  ["a byte order mark", '\ufeff{"model":"a"}', undefined],
  ["a letter behind a string", '{"model":"a","x":"é"é}', undefined],
])("refuses %s", (_, text, param) => {
  expect(() => readRequestHead(Buffer.from(text))).toThrow(
    expect.objectContaining({ code: "invalid_request", status: 400, param }),
  );
});

test("a refusal does not quote the body", () => {
  const bytes = Buffer.from('{"model": my-own-words}');
  expect(() => readRequestHead(bytes)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("my-own") }),
  );
});

test("puts another model's name in, and leaves every other byte", () => {
  const head = readRequestHead(Buffer.from('{ "n": 1.0, "model" : "a", "big": 12345678901234567890 }'));
  const changed = withModel(head, encodeModel("longer"));
  expect(changed.toString()).toBe('{ "n": 1.0, "model" : "longer", "big": 12345678901234567890 }');
});

test("copies nothing when the name is the same", () => {
  const head = readRequestHead(Buffer.from('{"model":"a"}'));
  expect(withModel(head, encodeModel("a"))).toBe(head.bytes);
});

test.each([
  ['{"input":"x"}', '{"model":"wire","input":"x"}'],
  [" {} ", ' {"model":"wire"} '],
  ['{"model":"body"}', '{"model":"wire"}'],
])("a model from the URL goes before the body's own: %s", (text, expected) => {
  const head = readRequestHead(Buffer.from(text), { model: "from-url" });
  expect(head.model).toBe("from-url");
  expect(withModel(head, encodeModel("wire")).toString()).toBe(expected);
});
