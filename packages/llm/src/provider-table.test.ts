import { afterEach, describe, expect, test } from "vitest";
import { Recorder } from "../test/recorder.ts";
import { closeAll, untilClosed } from "../test/routed-engine.ts";
import { upstreamServer } from "../test/upstream-server.ts";
import {
  createEngine,
  type DeploymentOptions,
  type Operation,
  operations,
  type ProviderTable,
  pickRequestHeaders,
  providerTable,
  readRequestHead,
} from "./index.ts";

afterEach(closeAll);

const key = "sk-of-the-provider";
const bearer = { authorization: `Bearer ${key}` };

interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly model: unknown;
}

/** Asks through a table whose bases lead, with their whole URL as the path, to one upstream that records. */
async function ask(
  model: string,
  operation: Operation = "/chat/completions",
  options: Partial<DeploymentOptions> = {},
  rows: ProviderTable = providerTable,
  headers = {},
): Promise<Seen | string | undefined> {
  let seen: Seen | undefined;
  const server = untilClosed(
    await upstreamServer(async (request, response) => {
      const body = JSON.parse(await new Response(request).text());
      const url = decodeURIComponent((request.url ?? "").slice(1));
      seen = { url, headers: request.headers, model: body.model };
      response.end("{}");
    }),
  );
  const local = (base: string) =>
    base.replace(/^https?:\/\/[^/]+/, (origin) => `${server.url}/${encodeURIComponent(origin)}`);
  const table = Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, row.base ? { ...row, base: local(row.base) } : row]),
  );
  const { apiBase, ...rest } = options;
  const deployment = { name: "m", model, apiKey: { name: "KEY", read: async () => key }, ...rest };
  const models = [apiBase === undefined ? deployment : { ...deployment, apiBase: local(apiBase) }];
  const engine = createEngine({ models, table, redact: String });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  const recorder = new Recorder();
  const head = readRequestHead(Buffer.from('{"model":"m"}'));
  engine.send({ operation, head, headers: pickRequestHeaders(headers) }, recorder);
  await recorder.done;
  return seen ?? recorder.error?.code;
}

/** Every row, asked for a chat: the whole URL, the headers that are the provider's, and the model's own name. */
const chats: Record<
  string,
  [model: string, apiBase: string | undefined, url: string, headers: object, sent: string]
> = {
  openai: ["openai/gpt-4o", undefined, "https://api.openai.com/v1/chat/completions", bearer, "gpt-4o"],
  azure: [
    "azure/my-gpt",
    "https://me.openai.azure.com",
    "https://me.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21",
    { "api-key": key },
    "my-gpt",
  ],
  anthropic: [
    "anthropic/claude-x",
    undefined,
    "https://api.anthropic.com/v1/chat/completions",
    bearer,
    "claude-x",
  ],
  gemini: [
    "gemini/gemini-2.5-pro",
    undefined,
    "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
    bearer,
    "gemini-2.5-pro",
  ],
  vertex_ai: [
    "vertex_ai/gemini-2.5-pro",
    "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/endpoints/openapi",
    "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/endpoints/openapi/chat/completions",
    bearer,
    "google/gemini-2.5-pro",
  ],
  mistral: [
    "mistral/mistral-large",
    undefined,
    "https://api.mistral.ai/v1/chat/completions",
    bearer,
    "mistral-large",
  ],
  groq: ["groq/llama-3", undefined, "https://api.groq.com/openai/v1/chat/completions", bearer, "llama-3"],
  deepseek: [
    "deepseek/deepseek-chat",
    undefined,
    "https://api.deepseek.com/chat/completions",
    bearer,
    "deepseek-chat",
  ],
  together_ai: [
    "together_ai/meta-llama/Llama-3",
    undefined,
    "https://api.together.ai/v1/chat/completions",
    bearer,
    "meta-llama/Llama-3",
  ],
  fireworks_ai: [
    "fireworks_ai/llama-v3",
    undefined,
    "https://api.fireworks.ai/inference/v1/chat/completions",
    bearer,
    "accounts/fireworks/models/llama-v3",
  ],
  openrouter: [
    "openrouter/anthropic/claude",
    undefined,
    "https://openrouter.ai/api/v1/chat/completions",
    bearer,
    "anthropic/claude",
  ],
  perplexity: ["perplexity/sonar", undefined, "https://api.perplexity.ai/chat/completions", bearer, "sonar"],
  xai: ["xai/grok-4", undefined, "https://api.x.ai/v1/chat/completions", bearer, "grok-4"],
  cohere: [
    "cohere/command-a",
    undefined,
    "https://api.cohere.ai/compatibility/v1/chat/completions",
    bearer,
    "command-a",
  ],
  bedrock: [
    "bedrock/openai.gpt-oss-120b-1:0",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1/chat/completions",
    bearer,
    "openai.gpt-oss-120b-1:0",
  ],
  ollama: ["ollama/llama3", undefined, "http://localhost:11434/v1/chat/completions", bearer, "llama3"],
  hosted_vllm: [
    "hosted_vllm/org/m",
    "http://gpu:8000/v1",
    "http://gpu:8000/v1/chat/completions",
    bearer,
    "org/m",
  ],
};

test("every row is asked", () => {
  expect(Object.keys(chats)).toEqual(Object.keys(providerTable));
});

test.each(Object.entries(chats))("%s", async (_, [model, apiBase, url, headers, sent]) => {
  const seen = await ask(model, "/chat/completions", { apiBase });
  expect(seen).toMatchObject({ url, headers, model: sent });
  const keyHeaders = ["authorization", "api-key", "x-api-key"].filter(
    (name) => name in (seen as Seen).headers,
  );
  expect(keyHeaders).toEqual(Object.keys(headers));
});

describe("what is different for an operation", () => {
  test.each<[string, Operation, string, object]>([
    [
      "anthropic/c",
      "/messages",
      "https://api.anthropic.com/v1/messages",
      { "x-api-key": key, "anthropic-version": "2023-06-01" },
    ],
    ["deepseek/d", "/messages", "https://api.deepseek.com/anthropic/v1/messages", { "x-api-key": key }],
    ["perplexity/p", "/responses", "https://api.perplexity.ai/v1/responses", bearer],
  ])("%s %s", async (model, operation, url, headers) => {
    expect(await ask(model, operation)).toMatchObject({ url, headers });
  });

  test("azure /responses", async () => {
    const apiBase = "https://me.openai.azure.com/";
    const url = "https://me.openai.azure.com/openai/v1/responses";
    expect(await ask("azure/my-gpt", "/responses", { apiBase })).toMatchObject({
      url,
      headers: { "api-key": key },
      model: "my-gpt",
    });
  });

  test("a provider is not asked for what it does not have", async () => {
    expect(await ask("anthropic/c", "/embeddings")).toBe("operation_not_supported");
    expect(await ask("azure/x", "/moderations", { apiBase: "https://a" })).toBe("operation_not_supported");
  });

  test.each(operations)("openai %s", async (operation) => {
    expect(await ask("openai/x", operation)).toMatchObject({ url: `https://api.openai.com/v1${operation}` });
  });
});

test("the caller's anthropic-version goes before the row's", async () => {
  const seen = await ask("anthropic/c", "/messages", {}, providerTable, {
    "anthropic-version": "2030-01-01",
  });
  expect(seen).toMatchObject({ headers: { "anthropic-version": "2030-01-01" } });
});

test("an api_base may have in it what the row would add", async () => {
  const apiBase = "https://api.anthropic.com/v1/";
  expect(await ask("anthropic/c", "/messages", { apiBase })).toMatchObject({
    url: "https://api.anthropic.com/v1/messages",
  });
});

test("openai/ with an api_base is any server that speaks OpenAI's language", async () => {
  expect(await ask("openai/org/m", "/embeddings", { apiBase: "http://gpu:8000/v1" })).toMatchObject({
    url: "http://gpu:8000/v1/embeddings",
    model: "org/m",
  });
});

test("a stranger's row needs no code", async () => {
  const mine = {
    url: "{base}/run/{model}{operation}",
    base: "https://mine.example",
    keyHeader: "x-mine",
    keyPrefix: "Key ",
    headers: { "x-flavour": "plain" },
  };
  expect(await ask("mine/a b", "/completions", {}, { ...providerTable, mine })).toMatchObject({
    url: "https://mine.example/run/a b/completions",
    headers: { "x-mine": `Key ${key}`, "x-flavour": "plain" },
    model: "a b",
  });
});

test.each(["azure", "vertex_ai", "bedrock", "hosted_vllm"])("%s says how its api_base looks", (provider) => {
  const models = [{ name: "m", model: `${provider}/x` }];
  const { baseExample = "?" } = providerTable[provider] ?? {};
  expect(() => createEngine({ models, redact: String })).toThrow(baseExample);
});
