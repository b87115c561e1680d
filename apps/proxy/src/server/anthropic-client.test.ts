import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type RecordingFetch, recordingFetch, renamed } from "../../test/recording-fetch.ts";
import {
  answering,
  type RecordingUpstream,
  recordingUpstream,
  streaming,
} from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";
import * as wire from "../../test/wire/anthropic.ts";

const key = "sk-canary-upstream-4";
let upstream: RecordingUpstream;
let proxy: RunningProxy;
let recording: RecordingFetch;
let client: Anthropic;

beforeAll(async () => {
  upstream = await recordingUpstream();
  const nobody = await recordingUpstream();
  await nobody[Symbol.asyncDispose]();
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/claude-wire, api_base: "${upstream.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
  - model_name: nobody-there
    litellm_params: { model: openai/claude-wire, api_base: "${nobody.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY, max_request_size_mb: 1 }
router_settings: { num_retries: 0 }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
});

beforeEach(() => {
  recording = recordingFetch();
  client = anthropic(masterKey);
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function anthropic(apiKey: string): Anthropic {
  return new Anthropic({ apiKey, baseURL: proxy.url, maxRetries: 0, fetch: recording.fetch });
}

const question = { model: "alias", max_tokens: 100, messages: [{ role: "user" as const, content: "Hi" }] };

function bytesCrossed(): void {
  expect(upstream.last.body.equals(renamed(recording.sent(), "alias", "claude-wire"))).toBe(true);
}

test("tools, with the headers that they need", async () => {
  upstream.respond = answering(wire.toolUse, {
    "request-id": "req_011",
    "anthropic-ratelimit-tokens-remaining": "7",
  });
  const tools = [
    {
      name: "get_weather",
      input_schema: { type: "object" as const, properties: { city: { type: "string" } } },
    },
  ];
  const { data, response } = await client.messages
    .create({ ...question, tools }, { headers: { "anthropic-beta": "a-beta-2026" } })
    .withResponse();
  expect(data.content[1]).toMatchObject({ type: "tool_use", input: { city: "Zürich", days: 1 } });
  expect(response.headers.get("request-id")).toBe("req_011");
  expect(response.headers.get("anthropic-ratelimit-tokens-remaining")).toBe("7");
  expect(upstream.last.headers).toMatchObject({
    "anthropic-beta": "a-beta-2026",
    "anthropic-version": expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
  expect((await recording.received()).toString()).toBe(wire.toolUse);
  bytesCrossed();
});

test("an image in a message", async () => {
  upstream.respond = answering(wire.message);
  const data = Buffer.alloc(75_000, 7).toString("base64");
  const source = { type: "base64" as const, media_type: "image/png" as const, data };
  const content = [
    { type: "image" as const, source },
    { type: "text" as const, text: "What is this? 🌍" },
  ];
  await client.messages.create({ ...question, messages: [{ role: "user", content }] });
  bytesCrossed();
});

test("a stream", async () => {
  upstream.respond = streaming(wire.messageStream);
  const message = await client.messages.stream(question).finalMessage();
  expect(message.content).toMatchObject([{ text: "Grüße 🌍" }]);
  expect(message.usage).toMatchObject({ input_tokens: 12, output_tokens: 6 });
  expect((await recording.received()).toString()).toBe(wire.messageStream);
  bytesCrossed();
});

async function failureOf(call: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Anthropic.APIError) return error;
  throw new Error("no error of Anthropic's SDK was thrown", { cause: error });
}

test("an error that the upstream tells in the middle of a stream", async () => {
  upstream.respond = streaming(wire.failingStream);
  const error = await failureOf(client.messages.stream(question).finalMessage());
  expect(error).toMatchObject({ type: "overloaded_error" });
  expect((await recording.received()).toString()).toBe(wire.failingStream);
});

test("a stream that the upstream breaks off between two events", async () => {
  upstream.respond = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(wire.messageStreamStart, () => response.destroy());
  };
  const error = await failureOf(client.messages.stream(question).finalMessage());
  expect(error.type).toBe("api_error");
  expect(error.message).toContain("broke off");
});

test("an upstream's own refusal, with its headers", async () => {
  const refusal =
    '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"req_1"}';
  upstream.respond = answering(refusal, { "retry-after": "700", "request-id": "req_1" }, 429);
  const error = await failureOf(client.messages.create(question));
  expect(error).toBeInstanceOf(Anthropic.RateLimitError);
  expect(error).toMatchObject({ type: "rate_limit_error", requestID: "req_1" });
  expect(error.headers?.get("retry-after")).toBe("700");
  expect((await recording.received()).toString()).toBe(refusal);
});

test.each([
  ["a wrong key", 401, "authentication_error", () => anthropic("sk-wrong").messages.create(question)],
  [
    "an unknown model",
    404,
    "not_found_error",
    () => client.messages.create({ ...question, model: "nobody" }),
  ],
  ["a body that is not JSON", 400, "invalid_request_error", () => client.post("/v1/messages", { body: "{" })],
  [
    "a body that is too large",
    413,
    "request_too_large",
    () => client.messages.create({ ...question, system: "x".repeat(1_100_000) }),
  ],
  ["a wrong method", 405, "invalid_request_error", () => client.get("/v1/messages")],
  [
    "an upstream that is not there",
    502,
    "api_error",
    () => client.messages.create({ ...question, model: "nobody-there" }),
  ],
])("%s raises Anthropic's error for %i", async (_, status, type, ask) => {
  const error = await failureOf(ask());
  expect(error).toMatchObject({ status, type });
  expect(error.error).toMatchObject({ type: "error", error: { message: expect.any(String) } });
});

test("an upstream's page for people raises Anthropic's error as well", async () => {
  upstream.respond = answering("<html>", { "content-type": "text/html" });
  const error = await failureOf(client.messages.create(question));
  expect(error).toMatchObject({ status: 502, type: "api_error" });
});
