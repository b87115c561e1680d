import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alias, type PassThrough, passThrough } from "../../test/pass-through-proxy.ts";
import { answering, streaming } from "../../test/recording-upstream.ts";
import { masterKey } from "../../test/running-proxy.ts";
import * as wire from "../../test/wire/openai.ts";

let between: PassThrough;
let model: ChatOpenAI;

beforeAll(async () => {
  between = await passThrough("sk-canary-upstream-8");
  const configuration = { baseURL: between.baseURL, fetch: between.recording.fetch };
  model = new ChatOpenAI({ model: alias, apiKey: masterKey, maxRetries: 0, configuration });
});

afterAll(() => between[Symbol.asyncDispose]());

test("a question", async () => {
  between.upstream.respond = answering(wire.chatCompletion);
  const answer = await model.invoke("Hi");
  expect(answer.text).toBe("Grüße ä 🌍");
  expect(answer.usage_metadata).toMatchObject({ total_tokens: 21 });
  await between.expectBytes(wire.chatCompletion);
});

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

test("tools", async () => {
  between.upstream.respond = answering(wire.toolCall);
  const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: schema } }];
  const answer = await model.bindTools(tools).invoke("What is the weather in Zürich?");
  expect(answer.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Zürich" } }]);
  await between.expectBytes(wire.toolCall);
});

test("an image in a message", async () => {
  between.upstream.respond = answering(wire.chatCompletion);
  const url = `data:image/png;base64,${Buffer.alloc(60_000, 3).toString("base64")}`;
  await model.invoke([{ role: "user", content: [{ type: "image_url", image_url: { url } }] }]);
  await between.expectBytes(wire.chatCompletion);
});

test("structured output", async () => {
  between.upstream.respond = answering(wire.structured);
  const person = {
    title: "person",
    type: "object",
    properties: { name: { type: "string" }, year: { type: "integer" } },
    required: ["name", "year"],
    additionalProperties: false,
  };
  const asking = model.withStructuredOutput(person, { method: "jsonSchema", strict: true });
  expect(await asking.invoke("Who wrote the first program?")).toEqual({ name: "Ada", year: 1815 });
  await between.expectBytes(wire.structured);
});

test("a stream with usage", async () => {
  between.upstream.respond = streaming(wire.chatStreamWithUsage);
  let text = "";
  const usage: unknown[] = [];
  for await (const chunk of await model.stream("Hi")) {
    text += chunk.text;
    if (chunk.usage_metadata !== undefined) usage.push(chunk.usage_metadata);
  }
  expect(text).toBe("Grüße 🌍");
  expect(usage).toMatchObject([{ total_tokens: 12 }]);
  await between.expectBytes(wire.chatStreamWithUsage);
});

test("a stream that breaks off is an error", async () => {
  between.upstream.respond = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(wire.chatStream.slice(0, 250), () => response.destroy());
  };
  const read = async () => {
    for await (const _ of await model.stream("Hi"));
  };
  await expect(read()).rejects.toThrow();
});

test("embeddings", async () => {
  between.upstream.respond = answering(wire.embeddings);
  const configuration = { baseURL: between.baseURL, fetch: between.recording.fetch };
  const embeddings = new OpenAIEmbeddings({
    model: alias,
    apiKey: masterKey,
    maxRetries: 0,
    encodingFormat: "float",
    configuration,
  });
  expect(await embeddings.embedQuery("x")).toEqual([0.0023064255, -0.005]);
  await between.expectBytes(wire.embeddings);
});

test("a wrong key is told", async () => {
  const configuration = { baseURL: between.baseURL };
  const wrong = new ChatOpenAI({ model: alias, apiKey: "sk-wrong", maxRetries: 0, configuration });
  await expect(wrong.invoke("Hi")).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
});
