import Anthropic from "@anthropic-ai/sdk";
import { operations } from "@keyward/llm";
import OpenAI, { AzureOpenAI, toFile } from "openai";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type RecordingFetch, recordingFetch, renamed } from "../../test/recording-fetch.ts";
import { answering, type RecordingUpstream, recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";
import * as anthropicWire from "../../test/wire/anthropic.ts";
import * as wire from "../../test/wire/openai.ts";

const key = "sk-canary-upstream-3";
const alias = "my-alias";
let upstream: RecordingUpstream;
let proxy: RunningProxy;
let recording: RecordingFetch;
let client: OpenAI;

beforeAll(async () => {
  upstream = await recordingUpstream();
  proxy = await runningProxy(
    `
model_list:
  - model_name: ${alias}
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
  - model_name: team/with-slash
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
    model_info: { max_tokens: 4096 }
general_settings: { master_key: os.environ/MASTER_KEY }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
});

beforeEach(() => {
  recording = recordingFetch();
  const { fetch } = recording;
  client = new OpenAI({ apiKey: masterKey, baseURL: `${proxy.url}/v1`, maxRetries: 0, fetch });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const audio = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
const messages = [{ role: "user" as const, content: "Hi" }];
const anthropic = () =>
  new Anthropic({ apiKey: masterKey, baseURL: proxy.url, maxRetries: 0, fetch: recording.fetch });
const azure = () =>
  new AzureOpenAI({
    apiKey: masterKey,
    endpoint: proxy.url,
    apiVersion: "2024-10-21",
    maxRetries: 0,
    fetch: recording.fetch,
  });

interface Case {
  readonly path: string;
  readonly answer: string;
  ask(): Promise<unknown>;
}

const cases: Record<string, Case> = {
  "chat completion": {
    path: "/v1/chat/completions",
    answer: wire.chatCompletion,
    ask: () => client.chat.completions.create({ model: alias, messages }),
  },
  completion: {
    path: "/v1/completions",
    answer: wire.textCompletion,
    ask: () => client.completions.create({ model: alias, prompt: "Say yes" }),
  },
  embedding: {
    path: "/v1/embeddings",
    answer: wire.embeddings,
    ask: () => client.embeddings.create({ model: alias, input: ["a"], encoding_format: "float" }),
  },
  response: {
    path: "/v1/responses",
    answer: wire.modelResponse,
    ask: () => client.responses.create({ model: alias, input: "Hi" }),
  },
  message: {
    path: "/v1/messages",
    answer: anthropicWire.message,
    ask: () => anthropic().messages.create({ model: alias, max_tokens: 10, messages }),
  },
  image: {
    path: "/v1/images/generations",
    answer: wire.image,
    ask: () => client.images.generate({ model: alias, prompt: "A cat" }),
  },
  "edit of an image": {
    path: "/v1/images/edits",
    answer: wire.image,
    ask: async () =>
      client.images.edit({ model: alias, prompt: "A hat", image: await toFile(audio, "cat.png") }),
  },
  transcription: {
    path: "/v1/audio/transcriptions",
    answer: wire.transcription,
    ask: async () => client.audio.transcriptions.create({ model: alias, file: await toFile(audio, "a.wav") }),
  },
  translation: {
    path: "/v1/audio/translations",
    answer: wire.transcription,
    ask: async () => client.audio.translations.create({ model: alias, file: await toFile(audio, "a.wav") }),
  },
  moderation: {
    path: "/v1/moderations",
    answer: wire.moderation,
    ask: () => client.moderations.create({ model: alias, input: "You!" }),
  },
  "chat completion at Azure's path": {
    path: "/v1/chat/completions",
    answer: wire.chatCompletion,
    ask: () => azure().chat.completions.create({ model: alias, messages }),
  },
  "transcription at Azure's path": {
    path: "/v1/audio/transcriptions",
    answer: wire.transcription,
    ask: async () =>
      azure().audio.transcriptions.create({ model: alias, file: await toFile(audio, "a.wav") }),
  },
  "response at Azure's path": {
    path: "/v1/responses",
    answer: wire.modelResponse,
    ask: () => azure().responses.create({ model: alias, input: "Hi" }),
  },
};

test.each(Object.entries(cases))("%s: the bytes of both directions, but for the model", async (_, each) => {
  upstream.respond = answering(each.answer);
  const answer = await each.ask();
  expect(answer).toMatchObject(JSON.parse(each.answer));
  expect(upstream.last.url).toBe(each.path);
  expect(upstream.last.body.equals(renamed(recording.sent(), alias, "gpt-wire"))).toBe(true);
  expect((await recording.received()).toString()).toBe(each.answer);
  expect(upstream.last.headers.authorization).toBe(`Bearer ${key}`);
  expect(JSON.stringify(upstream.last.headers)).not.toContain(masterKey);
});

test("speech: bytes that are no text", async () => {
  upstream.respond = answering(audio, { "content-type": "audio/mpeg" });
  const answer = await client.audio.speech.create({ model: alias, voice: "alloy", input: "Hi" });
  expect(answer.headers.get("content-type")).toBe("audio/mpeg");
  expect(Buffer.from(await answer.arrayBuffer()).equals(audio)).toBe(true);
});

const prefixes = ["/v1", "", "/openai/v1", "/openai", `/openai/deployments/${alias}`];
const everyPath = operations.flatMap((operation) =>
  prefixes.map((prefix) => [prefix + operation, operation] as const),
);

test.each(everyPath)("POST %s asks the upstream for %s", async (path, operation) => {
  upstream.respond = answering('{"ok" : 1}');
  const body = `{"model":"${alias}", "n":1.0}`;
  const headers = { "api-key": masterKey };
  const response = await fetch(`${proxy.url}${path}?api-version=2024-10-21`, {
    method: "POST",
    headers,
    body,
  });
  expect(await response.text()).toBe('{"ok" : 1}');
  expect(upstream.last.url).toBe(`/v1${operation}`);
  expect(upstream.last.body.toString()).toBe('{"model":"gpt-wire", "n":1.0}');
});

test.each(["team%2Fwith-slash", "team/with-slash"])(
  "Azure's path takes %s, and needs no model in the body",
  async (name) => {
    upstream.respond = answering("{}");
    const response = await fetch(`${proxy.url}/openai/deployments/${name}/chat/completions`, {
      method: "POST",
      headers: { "api-key": masterKey },
      body: '{"messages":[]}',
    });
    expect(response.status).toBe(200);
    expect(upstream.last.body.toString()).toBe('{"model":"gpt-wire","messages":[]}');
  },
);

test.each(["%ff", "", "/"])("Azure's path is not found with %j for its model", async (name) => {
  const response = await fetch(`${proxy.url}/openai/deployments/${name}/chat/completions`, {
    method: "POST",
    headers: { "api-key": masterKey },
    body: "{}",
  });
  expect(response.status).toBe(404);
});

test("models, one model, and one that is not there", async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toEqual([alias, "team/with-slash"]);
  expect(await client.models.retrieve("team/with-slash")).toEqual(data[1]);
  await expect(client.models.retrieve("nobody")).rejects.toThrow(OpenAI.NotFoundError);
});

test("/model/info shows the configuration without its keys", async () => {
  const response = await fetch(`${proxy.url}/model/info`, { headers: { "api-key": masterKey } });
  expect(await response.json()).toEqual({
    data: [
      {
        model_name: alias,
        litellm_params: { model: "openai/gpt-wire", api_base: `${upstream.origin}/v1` },
        model_info: { db_model: false },
      },
      {
        model_name: "team/with-slash",
        litellm_params: { model: "openai/gpt-wire", api_base: `${upstream.origin}/v1` },
        model_info: { db_model: false, max_tokens: 4096 },
      },
    ],
  });
});
