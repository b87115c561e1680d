import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alias, type PassThrough, passThrough } from "../../test/pass-through-proxy.ts";
import { answering, streaming } from "../../test/recording-upstream.ts";
import { masterKey } from "../../test/running-proxy.ts";
import * as wire from "../../test/wire/openai.ts";

let between: PassThrough;
let client: OpenAI;

beforeAll(async () => {
  between = await passThrough("sk-canary-upstream-7");
  const { baseURL, recording } = between;
  client = new OpenAI({ apiKey: masterKey, baseURL, maxRetries: 0, fetch: recording.fetch });
});

afterAll(() => between[Symbol.asyncDispose]());

const messages = [{ role: "user" as const, content: "What is the weather in Zürich? 🌍" }];
const parameters = { type: "object", properties: { city: { type: "string" } } };
const tools = [{ type: "function" as const, function: { name: "get_weather", parameters } }];

test("tools", async () => {
  between.upstream.respond = answering(wire.toolCall);
  const { choices } = await client.chat.completions.create({ model: alias, messages, tools });
  expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { arguments: '{"city": "Zürich"}' } }]);
  await between.expectBytes(wire.toolCall);
});

test("tools in a stream, and their results on the way back", async () => {
  between.upstream.respond = streaming(wire.toolStream);
  const call = await client.chat.completions.stream({ model: alias, messages, tools }).finalMessage();
  expect(call.tool_calls).toMatchObject([{ id: "call_1", function: { arguments: '{"city": "Zürich"}' } }]);
  await between.expectBytes(wire.toolStream);
  between.upstream.respond = answering(wire.chatCompletion);
  const result = { role: "tool" as const, tool_call_id: "call_1", content: '{"degrees":1.0}' };
  await client.chat.completions.create({ model: alias, messages: [...messages, call, result], tools });
  await between.expectBytes(wire.chatCompletion);
});

test("an image in a message", async () => {
  between.upstream.respond = answering(wire.chatCompletion);
  const url = `data:image/png;base64,${Buffer.alloc(90_000, 9).toString("base64")}`;
  const content = [
    { type: "text" as const, text: "What is this?" },
    { type: "image_url" as const, image_url: { url, detail: "high" as const } },
  ];
  await client.chat.completions.create({ model: alias, messages: [{ role: "user", content }] });
  await between.expectBytes(wire.chatCompletion);
});

test("structured output", async () => {
  between.upstream.respond = answering(wire.structured);
  const schema = { type: "object", properties: { name: { type: "string" }, year: { type: "integer" } } };
  const { choices } = await client.chat.completions.parse({
    model: alias,
    messages,
    response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
  });
  expect(choices[0]?.message.parsed).toEqual({ name: "Ada", year: 1815 });
  await between.expectBytes(wire.structured);
});

test.each([
  ["without usage", wire.chatStream, {}, undefined],
  ["with usage", wire.chatStreamWithUsage, { stream_options: { include_usage: true } }, 12],
])("a stream %s", async (_, answer, options, tokens) => {
  between.upstream.respond = streaming(answer);
  const stream = client.chat.completions.stream({ model: alias, messages, ...options });
  const completion = await stream.finalChatCompletion();
  expect(completion.choices[0]?.message.content).toBe("Grüße 🌍");
  expect(completion.usage?.total_tokens).toBe(tokens);
  await between.expectBytes(answer);
});

test("an error that the upstream tells in the middle of a stream", async () => {
  between.upstream.respond = streaming(wire.failingStream);
  const stream = client.chat.completions.stream({ model: alias, messages });
  // Its client stops to read there; the bytes themselves are compared where Anthropic's does not.
  await expect(stream.finalMessage()).rejects.toMatchObject({ code: "overloaded" });
});

test("a stream of the Responses API", async () => {
  between.upstream.respond = streaming(wire.responseStream);
  const response = await client.responses.stream({ model: alias, input: "Hi" }).finalResponse();
  expect(response.output_text).toBe("Hi 🌍");
  await between.expectBytes(wire.responseStream);
});

test.each([true, false])(
  "a stream of the Responses API that breaks off is an error (helper: %s)",
  async (helper) => {
    between.upstream.respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(wire.responseStreamStart, () => response.destroy());
    };
    const read = async (): Promise<void> => {
      if (helper) {
        await client.responses.stream({ model: alias, input: "Hi" }).finalResponse();
        return;
      }
      for await (const _ of await client.responses.create({ model: alias, input: "Hi", stream: true }));
    };
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: "upstream_interrupted" });
  },
);

test.each([
  [400, OpenAI.BadRequestError],
  [403, OpenAI.PermissionDeniedError],
  [404, OpenAI.NotFoundError],
  [422, OpenAI.UnprocessableEntityError],
  [429, OpenAI.RateLimitError],
  [500, OpenAI.InternalServerError],
])("a refusal of the upstream's with status %i", async (status, type) => {
  const refusal = `{ "error": {"message":"No.", "type":"any", "param":null, "code":"c","more":1.0} }`;
  between.upstream.respond = answering(refusal, { "x-request-id": "req_7" }, status);
  const error: unknown = await client.chat.completions
    .create({ model: alias, messages })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(type);
  expect(error).toMatchObject({ status, code: "c", requestID: "req_7" });
  await between.expectBytes(refusal);
});
