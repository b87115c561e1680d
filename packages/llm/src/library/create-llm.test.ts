import { inspect } from "node:util";
import { createSecrets, inMemory, type Secrets } from "@keyward/core";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { type FakeOpenAi, fakeOpenAi } from "../../test/fake-openai.ts";
import { openAiAt } from "../../test/local-rows.ts";
import { closeAll, untilClosed } from "../../test/routed-engine.ts";
import { upstreamServer } from "../../test/upstream-server.ts";
import {
  completion,
  createLlm,
  embedding,
  isLlmError,
  type Llm,
  LlmError,
  type LlmOptions,
  type LlmStream,
  providerTable,
  responses,
  setDefaultSecrets,
} from "../index.ts";

const canary = "sk-canary-4711";
const messages = [{ role: "user" as const, content: "What's the weather?" }];

let upstream: FakeOpenAi;
let secrets: Secrets;

beforeEach(async () => {
  upstream = untilClosed(await fakeOpenAi(canary));
  secrets = untilClosed(
    createSecrets({ providers: [inMemory({ OPENAI_API_KEY: canary, WRONG: "sk-wrong-0815" })] }),
  );
});

afterEach(async () => {
  setDefaultSecrets(undefined);
  await closeAll();
});

function open(options: Partial<LlmOptions> = {}): Llm {
  const settings = { numRetries: 0 };
  return untilClosed(createLlm({ secrets, providers: openAiAt(upstream.url), settings, ...options }));
}

async function failure(promise: Promise<unknown>): Promise<LlmError> {
  const error = await promise.then(
    () => expect.unreachable("it should have failed"),
    (reason: unknown) => reason,
  );
  if (!isLlmError(error)) throw error;
  return error;
}

describe("a call", () => {
  test("finds the key of a model by its provider", async () => {
    const answer = await open().completion({ model: "gpt-3.5-turbo", messages });
    expectTypeOf(answer).toEqualTypeOf<ChatCompletion>();
    expect(answer.choices[0]?.message.content).toBe("You said: What's the weather?");
    expect(upstream.requests).toMatchObject([{ key: `Bearer ${canary}`, body: { model: "gpt-3.5-turbo" } }]);
  });

  test("streams", async () => {
    const stream = await open().completion({ model: "openai/gpt-4o", messages, stream: true });
    expectTypeOf(stream).toEqualTypeOf<LlmStream<ChatCompletionChunk>>();
    const parts = [];
    for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content);
    expect(parts.join("")).toBe("You said: What's the weather?");
    expect(parts.length).toBeGreaterThan(3);
  });

  test("embeds", async () => {
    const llm = open();
    const params = { model: "text-embedding-3-small", input: "x" };
    expect((await llm.embedding(params)).data[0]?.embedding).toEqual([0.5, -0.25]);
    expect(await llm.embeddings(params)).toEqual(await llm.embedding(params));
  });

  test("answers with OpenAI's responses, whole and streamed", async () => {
    const llm = open();
    const whole = await llm.responses({ model: "gpt-4o", input: "Hi" });
    expect(whole.output[0]).toMatchObject({ content: [{ text: "Hello" }] });
    const types = [];
    for await (const event of await llm.responses({ model: "gpt-4o", input: "Hi", stream: true })) {
      types.push(event.type);
    }
    expect(types).toEqual(["response.output_text.delta", "response.completed"]);
  });

  test("goes to the models that are configured, and to no other", async () => {
    const apiBase = `${upstream.url}/v1`;
    const llm = open({
      models: [{ name: "chat", model: "openai/gpt-4o", apiBase, apiKey: "OPENAI_API_KEY" }],
    });
    await llm.completion({ model: "chat", messages });
    expect(upstream.requests[0]).toMatchObject({ body: { model: "gpt-4o" } });
    expect(await failure(llm.completion({ model: "gpt-4o", messages }))).toMatchObject({
      code: "model_not_found",
    });
  });

  test("reads where a model is from the secrets, as it does its key", async () => {
    const stored = inMemory({
      AZURE_API_BASE: upstream.url,
      AZURE_API_KEY: "sk-azure",
      VERSION: "2030-01-01",
    });
    const azure = untilClosed(createSecrets({ providers: [stored] }));
    const direct = open({ secrets: azure });
    expect(await failure(direct.completion({ model: "azure/mine", messages }))).toMatchObject({
      status: 401,
    });
    const models = [{ name: "m", model: "azure/mine", apiVersion: "os.environ/VERSION" }];
    const configured = open({ secrets: azure, models });
    expect(await failure(configured.completion({ model: "m", messages }))).toMatchObject({ status: 401 });
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      "/openai/deployments/mine/chat/completions?api-version=2024-10-21",
      "/openai/deployments/mine/chat/completions?api-version=2030-01-01",
    ]);
  });

  test("sends no provider's key to another host", async () => {
    const models = [{ name: "m", model: "openai/x", apiBase: `${upstream.url}/v1` }];
    await failure(open({ models }).completion({ model: "m", messages }));
    expect(upstream.requests[0]?.key).toBeUndefined();
  });

  test("asks nobody for a mock_response", async () => {
    const llm = open({ models: [{ name: "m", model: "azure/x", mockResponse: "Hello" }] });
    const answer = await llm.completion({ model: "m", messages });
    expect(answer.choices[0]?.message.content).toBe("Hello");
  });

  test("follows its settings", async () => {
    const apiBase = `${upstream.url}/v1`;
    const models = [
      { name: "bad", model: "openai/a", apiBase, apiKey: "WRONG" },
      { name: "good", model: "openai/b", apiBase, apiKey: "OPENAI_API_KEY" },
    ];
    const llm = open({ models, settings: { fallbacks: { bad: ["good"] } } });
    expect((await llm.completion({ model: "bad", messages })).model).toBe("b");
  });
});

describe("the plain functions", () => {
  test("take their keys from the default secrets", async () => {
    setDefaultSecrets(secrets, { providers: openAiAt(upstream.url) });
    const answer = await completion({ model: "gpt-3.5-turbo", messages });
    expectTypeOf(answer).toEqualTypeOf<ChatCompletion>();
    expect(answer.choices[0]?.message.content).toContain("weather");
    expect((await embedding({ model: "e", input: "x" })).data).toHaveLength(1);
    expect((await responses({ model: "gpt-4o", input: "x" })).id).toBe("resp_1");
    const stream = await completion({ model: "gpt-3.5-turbo", messages, stream: true });
    expectTypeOf(stream).toEqualTypeOf<LlmStream<ChatCompletionChunk>>();
    await stream[Symbol.asyncDispose]();
  });

  test("say what is missing", async () => {
    expect(await failure(completion({ model: "gpt-4o", messages }))).toMatchObject({
      code: "key_unavailable",
      message: expect.stringContaining("setDefaultSecrets"),
    });
  });
});

describe("an error", () => {
  test("names provider, model and secret, and holds no key although the upstream repeats it", async () => {
    const models = [{ name: "m", model: "openai/gpt-4o", apiBase: `${upstream.url}/v1`, apiKey: "WRONG" }];
    const error = await failure(open({ models }).completion({ model: "m", messages }));
    expect(error).toMatchObject({
      name: "LlmError",
      code: "upstream_refused",
      status: 401,
      provider: "openai",
      model: "m",
      secret: "WRONG",
      upstreamCode: "invalid_api_key",
      message: expect.stringContaining("with status 401: Incorrect API key provided: [secret]."),
    });
    const everything = [
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      error.stack,
    ].join();
    expect(everything).not.toContain("0815");
    expect(everything).not.toContain(canary);
  });

  test.each([
    ["an unknown provider", "nobody/x", "names no provider"],
    ["an empty name", "", "names no provider"],
  ])("tells of %s", async (_, model, message) => {
    expect(await failure(open().completion({ model, messages }))).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(message),
    });
  });

  test("tells of a key that is not there, by name", async () => {
    expect(await failure(open().completion({ model: "groq/llama-3", messages }))).toMatchObject({
      code: "key_unavailable",
      provider: "groq",
      secret: "GROQ_API_KEY",
    });
    const { baseName } = providerTable.azure ?? {};
    expect(await failure(open().completion({ model: "azure/x", messages }))).toMatchObject({
      code: "key_unavailable",
      secret: baseName,
    });
  });

  test("tells at once of a model that cannot work", () => {
    expect(() => open({ models: [{ name: "m", model: "nobody/x" }] })).toThrow("names no provider");
    expect(() => open({ settings: { defaultFallbacks: ["nobody/x"] } })).toThrow("names no provider");
  });

  test("does not show a key that stands in the place of its name", () => {
    const models = [{ name: "m", model: "gpt-4o", apiKey: canary }];
    expect(() => open({ models })).toThrow(
      expect.objectContaining({ param: "apiKey", message: expect.not.stringContaining(canary) }),
    );
  });

  test("is the engine's own where the upstream has no words for it", async () => {
    const server = untilClosed(
      await upstreamServer((_, response) => {
        response.writeHead(404, { "content-type": "text/html" }).end("<html>");
      }),
    );
    const llm = open({ providers: openAiAt(server.url) });
    expect(await failure(llm.completion({ model: "gpt-4o", messages }))).toMatchObject({
      code: "upstream_invalid",
      status: 502,
      message: expect.stringMatching(/^The upstream of model "gpt-4o" .* an HTML page/),
    });
  });

  test("tells that the Llm is closed", async () => {
    const llm = open();
    await llm.close();
    expect(await failure(llm.completion({ model: "gpt-4o", messages }))).toMatchObject({ code: "closed" });
  });

  test("is known by its brand, not by its class", () => {
    expect(isLlmError(new LlmError({ code: "closed", message: "" }))).toBe(true);
    expect(isLlmError({ code: "closed" })).toBe(false);
  });
});
