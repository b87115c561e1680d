import { expect, test } from "vitest";
import { encodeModel, readRequestHead, withModel } from "./request-head.ts";
import { askForUsage } from "./stream-usage.ts";

function ask(text: string): [body: unknown, asked: boolean] {
  const { head, asked } = askForUsage(readRequestHead(Buffer.from(text)));
  return [JSON.parse(withModel(head, encodeModel("other-model")).toString()), asked];
}

const usage = { stream_options: { include_usage: true } };

test.each([
  ['{"model":"m","stream":true}', { model: "other-model", stream: true, ...usage }, false],
  [' { "stream" : true , "model" : "m" } ', { model: "other-model", stream: true, ...usage }, false],
  ['{"stream_options":null,"model":"m"}', { model: "other-model", ...usage }, false],
  ['{"model":"m","stream_options":{"include_usage":false}}', { model: "other-model", ...usage }, false],
  [
    '{"stream_options":{"x":"🌍","include_usage":false},"model":"m"}',
    { model: "other-model", stream_options: { x: "🌍", include_usage: true } },
    false,
  ],
  ['{"model":"m","stream_options":{"include_usage":true}}', { model: "other-model", ...usage }, true],
])("%s asks for usage", (text, body, asked) => {
  expect(ask(text)).toEqual([body, asked]);
});
