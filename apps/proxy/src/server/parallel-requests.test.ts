import { once } from "node:events";
import type { ServerResponse } from "node:http";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type RecordingUpstream, recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

let upstream: RecordingUpstream;
let proxy: RunningProxy;
const waiting: ServerResponse[] = [];

beforeAll(async () => {
  upstream = await recordingUpstream();
  upstream.respond = (response) => void waiting.push(response);
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "${upstream.origin}/v1" }
general_settings: { master_key: ${masterKey}, global_max_parallel_requests: 2 }
`,
    "",
  );
});

afterEach(() => {
  for (const response of waiting.splice(0)) response.end("{}");
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const messages = [{ role: "user" as const, content: "Hi" }];

function ask(signal?: AbortSignal): Promise<unknown> {
  return proxy.client().chat.completions.create({ model: "alias", messages }, { signal });
}

test("over the limit a call is refused at once, with the time to wait, and taken when one has ended", async () => {
  const first = ask();
  const second = ask();
  await vi.waitFor(() => expect(waiting.length).toBe(2));
  const third = ask();
  await expect(third).rejects.toThrow(OpenAI.RateLimitError);
  await expect(third).rejects.toMatchObject({ status: 429, code: "too_many_requests" });
  const error: unknown = await third.catch((thrown: unknown) => thrown);
  expect(error instanceof OpenAI.APIError && error.headers?.get("retry-after")).toBe("1");
  const anthropic = new Anthropic({ apiKey: masterKey, baseURL: proxy.url, maxRetries: 0 });
  const message = anthropic.messages.create({ model: "alias", max_tokens: 1, messages });
  await expect(message).rejects.toThrow(Anthropic.RateLimitError);
  expect(upstream.requests.length).toBe(2);
  // What is no call of a model is not refused.
  expect((await proxy.client().models.list()).data.length).toBe(1);
  waiting[0]?.end("{}");
  await Promise.race([first, second]);
  const fourth = ask();
  await vi.waitFor(() => expect(waiting.length).toBe(3));
  for (const response of waiting.splice(0)) response.end("{}");
  await Promise.all([first, second, fourth]);
});

test("clients that leave make room", async () => {
  const leave = new AbortController();
  const calls = [ask(leave.signal), ask(leave.signal)];
  await vi.waitFor(() => expect(waiting.length).toBe(2));
  const gone = waiting.map((response) => once(response, "close"));
  leave.abort();
  await Promise.allSettled(calls);
  await Promise.all(gone);
  waiting.length = 0;
  const next = ask();
  await vi.waitFor(() => expect(waiting.length).toBe(1));
  waiting.splice(0)[0]?.end("{}");
  await next;
});
