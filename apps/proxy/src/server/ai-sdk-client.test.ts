import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embed, generateText, jsonSchema, Output, streamText, tool } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alias, type PassThrough, passThrough } from "../../test/pass-through-proxy.ts";
import { answering, streaming } from "../../test/recording-upstream.ts";
import { masterKey } from "../../test/running-proxy.ts";
import * as wire from "../../test/wire/openai.ts";

let between: PassThrough;
let provider: ReturnType<typeof compatible>;

beforeAll(async () => {
  between = await passThrough("sk-canary-upstream-9");
  provider = compatible(masterKey);
});

afterAll(() => between[Symbol.asyncDispose]());

function compatible(apiKey: string) {
  const { baseURL, recording } = between;
  return createOpenAICompatible({
    name: "keyward",
    apiKey,
    baseURL,
    fetch: recording.fetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
}

const maxRetries = 0;

test("a question", async () => {
  between.upstream.respond = answering(wire.chatCompletion);
  const { text, usage } = await generateText({ model: provider(alias), prompt: "Hi", maxRetries });
  expect([text, usage.totalTokens]).toEqual(["Grüße ä 🌍", 21]);
  await between.expectBytes(wire.chatCompletion);
});

test("tools", async () => {
  between.upstream.respond = answering(wire.toolCall);
  const inputSchema = jsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
  });
  const tools = { get_weather: tool({ description: "The weather", inputSchema, execute: () => "sunny" }) };
  const { toolCalls } = await generateText({ model: provider(alias), prompt: "Weather?", tools, maxRetries });
  expect(toolCalls).toMatchObject([{ toolName: "get_weather", input: { city: "Zürich" } }]);
  await between.expectBytes(wire.toolCall);
});

test("an image in a message", async () => {
  between.upstream.respond = answering(wire.chatCompletion);
  const data = new Uint8Array(60_000).fill(5);
  const content = [{ type: "file" as const, mediaType: "image/png", data }];
  await generateText({ model: provider(alias), messages: [{ role: "user", content }], maxRetries });
  await between.expectBytes(wire.chatCompletion);
});

test("structured output", async () => {
  between.upstream.respond = answering(wire.structured);
  const schema = jsonSchema<{ name: string; year: number }>({
    type: "object",
    properties: { name: { type: "string" }, year: { type: "integer" } },
  });
  const output = Output.object({ schema });
  const answer = await generateText({ model: provider(alias), prompt: "Who?", output, maxRetries });
  expect(answer.output).toEqual({ name: "Ada", year: 1815 });
  await between.expectBytes(wire.structured);
});

test("a stream with usage", async () => {
  between.upstream.respond = streaming(wire.chatStreamWithUsage);
  const answer = streamText({ model: provider(alias), prompt: "Hi", maxRetries });
  expect(await answer.text).toBe("Grüße 🌍");
  expect((await answer.usage).totalTokens).toBe(12);
  await between.expectBytes(wire.chatStreamWithUsage);
});

test.each([
  ["the upstream tells", streaming(wire.failingStream)],
  [
    "the proxy tells when the upstream breaks off",
    (response: Parameters<typeof between.upstream.respond>[0]) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const whole = wire.chatStream.slice(0, wire.chatStream.indexOf("\n\n") + 2);
      response.write(whole, () => response.destroy());
    },
  ],
])("an error in the middle of a stream that %s", async (_, respond) => {
  between.upstream.respond = respond;
  const errors: unknown[] = [];
  const answer = streamText({
    model: provider(alias),
    prompt: "Hi",
    maxRetries,
    onError: ({ error }) => void errors.push(error),
  });
  await answer.consumeStream();
  expect(errors.length).toBe(1);
});

test("embeddings", async () => {
  between.upstream.respond = answering(wire.embeddings);
  const { embedding } = await embed({ model: provider.embeddingModel(alias), value: "x", maxRetries });
  expect(embedding).toEqual([0.0023064255, -0.005]);
  await between.expectBytes(wire.embeddings);
});

test("a wrong key is told", async () => {
  const call = generateText({ model: compatible("sk-wrong")(alias), prompt: "Hi", maxRetries });
  await expect(call).rejects.toThrow(APICallError);
  await expect(call).rejects.toMatchObject({ statusCode: 401 });
});
