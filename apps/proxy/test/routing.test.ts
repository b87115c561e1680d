import type { ServerResponse } from "node:http";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { addressOf, type Command, keyward } from "./command.ts";
import { answering, type RecordingUpstream, type Respond, recordingUpstream } from "./recording-upstream.ts";
import { type Files, files } from "./running-proxy.ts";

const messages = [{ role: "user" as const, content: "Hi" }];
let upstream: RecordingUpstream;
let folder: Files;
let command: Command;
let url: string;
/** What each deployment answers; what is not there is a completion of its own. */
const answers = new Map<string, Respond>();

beforeAll(async () => {
  upstream = await recordingUpstream();
  upstream.respond = (response, request) => {
    const name = nameOf(request.url);
    (answers.get(name) ?? answering(JSON.stringify({ id: name })))(response, request);
  };
  const at = (name: string, deployment: string, more = "") =>
    `  - { model_name: ${name}, litellm_params: { model: openai/${deployment}, api_base: "${upstream.origin}/${deployment}", api_key: os.environ/KEY${more} } }\n`;
  const config = `model_list:
${[
  at("weighted", "heavy", ", weight: 3"),
  at("weighted", "light", ", weight: 1"),
  at("weighted", "none", ", weight: 0"),
  at("by-rpm", "unlimited", ", rpm: 100"),
  at("by-rpm", "unused", ", rpm: 0"),
  at("flaky", "flaky", ", num_retries: 1"),
  at("pair", "one", ", num_retries: 1"),
  at("pair", "two", ", num_retries: 1"),
  at("primary", "primary"),
  at("backup", "backup"),
  at("long", "long"),
  at("slow", "slow", ", timeout: 0.2"),
  at("slow-stream", "slow-stream", ", stream_timeout: 0.2"),
].join("")}
router_settings:
  num_retries: 0
  cooldown_time: 20
  fallbacks: [{ primary: [backup] }]
  model_group_alias: { other: { model: backup, hidden: true } }
litellm_settings:
  context_window_fallbacks: [{ primary: [long] }]
`;
  folder = await files({ "config.yaml": config, ".env": "KEY=sk-canary-route\n" });
  command = keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder });
  url = await addressOf(command);
});

afterEach(() => {
  answers.clear();
  upstream.requests.length = 0;
  expect(command.output.out + command.output.error).not.toContain("canary");
});

afterAll(async () => {
  await command[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function nameOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** The deployments that were asked, in order. */
function asked(): string[] {
  return upstream.requests.map((request) => nameOf(request.url));
}

/** A refusal in OpenAI's words. */
function refusal(status: number, headers: Record<string, string> = {}, code: string | null = null): Respond {
  const error = { message: "No.", type: "invalid_request_error", param: null, code };
  return answering(JSON.stringify({ error }), headers, status);
}

/** These answers, one after the other, and the last one for ever. */
function inTurn(...responses: readonly [Respond, ...Respond[]]): Respond {
  let call = 0;
  return (response, request) => (responses[call++] ?? responses.at(-1) ?? responses[0])(response, request);
}

function create(model: string) {
  const client = new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, maxRetries: 0 });
  return client.chat.completions.create({ model, messages });
}

async function failure(model: string): Promise<{ status: unknown; code: unknown; wait: string | null }> {
  try {
    await create(model);
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return { status: error.status, code: error.code, wait: error.headers?.get("retry-after") ?? null };
  }
  throw new Error("the call succeeded");
}

test("deployments of one name share its calls by weight", async () => {
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 40 }, () => create("weighted")));
  }
  const heavy = asked().filter((name) => name === "heavy").length;
  expect(asked().filter((name) => name === "none")).toEqual([]);
  expect(asked()).toHaveLength(400);
  // 300 on average; five times the standard deviation, 8.7, is 43.
  expect(Math.abs(heavy - 300)).toBeLessThan(43);
});

test("without a weight they share them by rpm", async () => {
  await Promise.all(Array.from({ length: 20 }, () => create("by-rpm")));
  expect(new Set(asked())).toEqual(new Set(["unlimited"]));
});

test("a 500 is tried again, and the caller hears nothing of it", async () => {
  answers.set("flaky", inTurn(refusal(500), answering('{"id":"second"}')));
  expect(await create("flaky")).toMatchObject({ id: "second" });
  expect(asked()).toEqual(["flaky", "flaky"]);
});

test("a 429 is tried again after the time it asks for", async () => {
  const times: number[] = [];
  const noting: (respond: Respond) => Respond = (respond) => (response, request) => {
    times.push(performance.now());
    respond(response, request);
  };
  answers.set(
    "flaky",
    inTurn(noting(refusal(429, { "retry-after": "1" })), noting(answering('{"id":"second"}'))),
  );
  expect(await create("flaky")).toMatchObject({ id: "second" });
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThanOrEqual(990);
});

test("one that asks for more time than a call should hang is passed on, with the time", async () => {
  answers.set("flaky", refusal(429, { "retry-after": "120" }, "rate_limit_exceeded"));
  expect(await failure("flaky")).toEqual({ status: 429, code: "rate_limit_exceeded", wait: "120" });
  expect(asked()).toEqual(["flaky"]);
});

test("deployments that failed are left alone, and Retry-After says for how long", async () => {
  answers.set("one", refusal(429, { "retry-after": "30" }));
  answers.set("two", refusal(429));
  expect(await failure("pair")).toMatchObject({ status: 429, code: null });
  expect(asked().toSorted()).toEqual(["one", "two"]);
  const { status, code, wait } = await failure("pair");
  expect([status, code]).toEqual([429, "no_deployment_available"]);
  expect(Number(wait)).toBeGreaterThan(0);
  expect(Number(wait)).toBeLessThanOrEqual(20);
  expect(asked()).toHaveLength(2);
  for (const seconds of [20, 30]) {
    await vi.waitFor(() => expect(command.output.error).toContain(`left alone for ${seconds} s`));
  }
});

test("another model is asked when one fails", async () => {
  answers.set("primary", refusal(500));
  expect(await create("primary")).toMatchObject({ id: "backup" });
  expect(asked()).toEqual(["primary", "backup"]);
  expect(JSON.parse(upstream.last.body.toString())).toMatchObject({ model: "backup", messages });
  await vi.waitFor(() =>
    expect(command.output.error).toContain(
      `Model "primary" at ${upstream.origin} failed with 500: "backup" is asked instead`,
    ),
  );
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('keyward_routing_events_total{event="fell_back",model="primary"} 1\n');
});

test("the failure of the model that was asked for is told when its fallbacks fail too", async () => {
  answers.set("primary", refusal(503, {}, "first"));
  answers.set("backup", refusal(500, {}, "second"));
  expect(await failure("primary")).toMatchObject({ status: 503, code: "first" });
  expect(asked()).toEqual(["primary", "backup"]);
});

test("an input that is too long goes to the model for long ones", async () => {
  answers.set("primary", refusal(400, {}, "context_length_exceeded"));
  expect(await create("primary")).toMatchObject({ id: "long" });
  expect(asked()).toEqual(["primary", "long"]);
});

test("what is wrong with a request itself is not tried again", async () => {
  answers.set("flaky", refusal(400, {}, "invalid_value"));
  expect(await failure("flaky")).toEqual({ status: 400, code: "invalid_value", wait: null });
  expect(asked()).toEqual(["flaky"]);
});

test("an upstream that says nothing is given up after the timeout", async () => {
  answers.set("slow", () => {});
  expect(await failure("slow")).toMatchObject({ status: 504, code: "upstream_timeout" });
});

test("stream_timeout is for streams alone", async () => {
  const held: ServerResponse[] = [];
  answers.set("slow-stream", (response) => void held.push(response));
  const patient = create("slow-stream");
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const client = new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, maxRetries: 0 });
  const stream = client.chat.completions.create({ model: "slow-stream", messages, stream: true });
  await expect(stream).rejects.toMatchObject({ status: 504, code: "upstream_timeout" });
  held[0]?.setHeader("content-type", "application/json").end('{"id":"late"}');
  expect(await patient).toMatchObject({ id: "late" });
});

test("a hidden name works, is counted, and is not listed", async () => {
  expect(await create("other")).toMatchObject({ id: "backup" });
  const { data } = await new OpenAI({ apiKey: "none", baseURL: `${url}/v1` }).models.list();
  expect(data.map(({ id }) => id)).not.toContain("other");
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('keyward_model_calls_total{model="other",operation="/chat/completions"} 1\n');
});
