import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FakeOpenAi, fakeOpenAi, json } from "../../test/fake-openai.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

const key = "sk-canary-upstream-1";
let upstream: FakeOpenAi;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await fakeOpenAi([key]);
  const azure = upstream.url.replace(/\/v1$/, "");
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
  - model_name: my-azure-models
    litellm_params:
      model: "azure/<your-deployment-name>"
      api_key: os.environ/UPSTREAM_KEY
      api_base: ${azure}
      api_version: 2024-06-01
  - model_name: wrong-key
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.url}", api_key: os.environ/WRONG_KEY }
  - model_name: mock
    litellm_params: { model: openai/any, mock_response: Mocked. }
general_settings:
  master_key: os.environ/MASTER_KEY
  max_request_size_mb: 1
`,
    `UPSTREAM_KEY=${key}\nWRONG_KEY=sk-canary-wrong\nMASTER_KEY=${masterKey}\n`,
  );
});

afterEach(() => {
  upstream.instead = undefined;
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const messages = [{ role: "user" as const, content: "Hi" }];

test("a completion, with the key from .env and nothing of the client's", async () => {
  const client = new OpenAI({
    apiKey: masterKey,
    baseURL: `${proxy.url}/v1`,
    defaultHeaders: { cookie: "session=1", "x-api-key": masterKey, "x-forwarded-for": "10.1.2.3" },
  });
  const { data, response } = await client.chat.completions
    .create({ model: "alias", messages })
    .withResponse();
  expect(data.choices[0]?.message.content).toBe("Hello 🌍");
  expect(response.headers.get("x-request-id")).toBe("req_fake");
  expect(response.headers.has("set-cookie")).toBe(false);
  const seen = upstream.requests.at(-1);
  expect(seen?.headers.authorization).toBe(`Bearer ${key}`);
  expect(seen?.body).toEqual({ model: "gpt-wire", messages });
  expect(JSON.stringify(seen)).not.toContain(masterKey);
  expect(seen?.headers).not.toHaveProperty("cookie");
  expect(seen?.headers).not.toHaveProperty("x-forwarded-for");
});

test("a streamed completion", async () => {
  const stream = await proxy.client().chat.completions.create({ model: "alias", messages, stream: true });
  const parts: string[] = [];
  for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content ?? "");
  expect(parts).toEqual(["Hel", "lo ", "🌍"]);
});

test("Azure's deployment, version and header", async () => {
  await proxy.client().chat.completions.create({ model: "my-azure-models", messages });
  const seen = upstream.requests.at(-1);
  const path = "/openai/deployments/%3Cyour-deployment-name%3E/chat/completions?api-version=2024-06-01";
  expect(seen?.url).toBe(path);
  expect(seen?.headers["api-key"]).toBe(key);
  expect(seen?.headers).not.toHaveProperty("authorization");
});

test("embeddings", async () => {
  const { data } = await proxy
    .client()
    .embeddings.create({ model: "alias", input: "x", encoding_format: "float" });
  expect(data[0]?.embedding).toEqual([0.5, -0.25]);
});

test("a mock_response, plain and streamed", async () => {
  const client = proxy.client();
  const plain = await client.chat.completions.create({ model: "mock", messages });
  expect(plain.choices[0]?.message.content).toBe("Mocked.");
  const stream = client.chat.completions.stream({ model: "mock", messages });
  expect(await stream.finalContent()).toBe("Mocked.");
  const text = await client.completions.create({ model: "mock", prompt: "Hi" });
  expect(text.choices[0]?.text).toBe("Mocked.");
});

test("the list of models", async () => {
  const { data } = await proxy.client().models.list();
  expect(data.map(({ id }) => id)).toEqual(["alias", "my-azure-models", "wrong-key", "mock"]);
});

test("a wrong key raises AuthenticationError, before anything is read of the request", async () => {
  const wrong = proxy.client("sk-wrong").chat.completions.create({ model: "nobody", messages });
  await expect(wrong).rejects.toThrow(OpenAI.AuthenticationError);
  await expect(wrong).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
});

test("an unknown model raises NotFoundError", async () => {
  const call = proxy.client().chat.completions.create({ model: "nobody", messages });
  await expect(call).rejects.toThrow(OpenAI.NotFoundError);
  await expect(call).rejects.toMatchObject({ code: "model_not_found", param: "model" });
});

test("a malformed body raises BadRequestError", async () => {
  const post = (body: string) => proxy.client().post("/chat/completions", { body: Buffer.from(body) });
  await expect(post('{"model": "alias", ')).rejects.toThrow(OpenAI.BadRequestError);
  await expect(post("{}")).rejects.toMatchObject({ status: 400, param: "model" });
  await expect(post("")).rejects.toThrow(OpenAI.BadRequestError);
});

test("an upstream that refuses its key is told as it is, without the key", async () => {
  const call = proxy.client().chat.completions.create({ model: "wrong-key", messages });
  await expect(call).rejects.toThrow(OpenAI.AuthenticationError);
  await expect(call).rejects.toThrow("Incorrect API key provided: [secret].");
});

test("an upstream's own rate limit reaches the client with its headers", async () => {
  upstream.instead = (response) => {
    response.setHeader("retry-after", "300");
    json(response, 429, { error: { message: "slow down", type: "rate_limit", param: null, code: "rate" } });
  };
  const call = proxy.client().chat.completions.create({ model: "alias", messages });
  await expect(call).rejects.toThrow(OpenAI.RateLimitError);
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error instanceof OpenAI.APIError && error.headers?.get("retry-after")).toBe("300");
});

test.each([
  ["with a length", false],
  ["in chunks", true],
])("a body over the limit is 413 (%s)", async (_, chunked) => {
  const body = JSON.stringify({
    model: "alias",
    messages: [{ role: "user", content: "x".repeat(1_200_000) }],
  });
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}` },
    ...(chunked ? { body: new Blob([body]).stream(), duplex: "half" } : { body }),
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({
    error: { code: "request_too_large", message: expect.stringContaining("larger than 1 MB") },
  });
});

test("a body of nearly that size goes through, its model in front or behind", async () => {
  const long = [{ role: "user" as const, content: 'x\\"'.repeat(150_000) }];
  for (const body of [
    { model: "alias", messages: long },
    { messages: long, model: "alias" },
  ]) {
    await proxy.client().chat.completions.create(body);
    expect(upstream.requests.at(-1)?.body).toEqual({ model: "gpt-wire", messages: long });
  }
});
