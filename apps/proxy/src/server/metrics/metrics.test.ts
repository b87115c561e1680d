import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { answering, type RecordingUpstream, recordingUpstream } from "../../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../../test/running-proxy.ts";
import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";

const key = "sk-canary-upstream-5";
const headers = { authorization: `Bearer ${masterKey}` };
let upstream: RecordingUpstream;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await recordingUpstream();
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "${upstream.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY }
router_settings: { num_retries: 0 }
secrets: { cache: { ttl: 0.001, max_stale: 0.001 } }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function metrics(): Promise<string> {
  const response = await fetch(`${proxy.url}/metrics`, { headers });
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return response.text();
}

function ask(model: string, path = "/v1/chat/completions"): Promise<Response> {
  return fetch(proxy.url + path, { method: "POST", headers, body: JSON.stringify({ model }) });
}

test("it is closed without the key", async () => {
  expect((await fetch(`${proxy.url}/metrics`)).status).toBe(401);
});

test("every line is one that Prometheus reads", async () => {
  await ask("alias");
  const label = '[a-z_]+="(?:[^"\\\\\\n]|\\\\.)*"';
  const sample = new RegExp(`^[a-z_]+(?:\\{${label}(?:,${label})*\\})? [0-9.e+-]+$`);
  for (const line of (await metrics()).trimEnd().split("\n"))
    expect(line).toMatch(/^# (HELP|TYPE) /.test(line) ? /./ : sample);
});

test("requests are counted by endpoint and status, with their durations", async () => {
  await (await ask("alias", "/embeddings")).text();
  await (await ask("nobody", "/v1/embeddings")).text();
  await fetch(`${proxy.url}/wp-login.php`);
  await vi.waitFor(async () => {
    const text = await metrics();
    expect(text).toContain('keyward_requests_total{endpoint="/v1/embeddings",status="200"} 1\n');
    expect(text).toContain('keyward_requests_total{endpoint="/v1/embeddings",status="404"} 1\n');
    expect(text).toContain('keyward_requests_total{endpoint="other",status="401"} 1\n');
    expect(text).toContain('keyward_request_duration_seconds_count{endpoint="/v1/embeddings"} 2\n');
    expect(text).toContain('keyward_model_calls_total{model="alias",operation="/embeddings"} 1\n');
    expect(text).toContain("keyward_model_calls_in_progress 0\n");
  });
});

test("a client that leaves is 499, and its call is no longer under way", async () => {
  const leave = new AbortController();
  upstream.respond = () => leave.abort();
  const call = fetch(`${proxy.url}/v1/responses`, {
    method: "POST",
    headers,
    body: '{"model":"alias"}',
    signal: leave.signal,
  });
  await expect(call).rejects.toThrow();
  await vi.waitFor(async () => {
    const text = await metrics();
    expect(text).toContain('keyward_requests_total{endpoint="/v1/responses",status="499"} 1\n');
    expect(text).toContain("keyward_model_calls_in_progress 0\n");
  });
});

test("failures of upstreams are counted by model, as refusals and as faults", async () => {
  upstream.respond = answering("{}", {}, 429);
  await (await ask("alias")).text();
  upstream.respond = (response) => response.destroy();
  await (await ask("alias")).text();
  const text = await metrics();
  expect(text).toContain('keyward_model_call_failures_total{model="alias",reason="429"} 1\n');
  expect(text).toContain(
    'keyward_model_call_failures_total{model="alias",reason="upstream_unreachable"} 1\n',
  );
});

test("what happens to secrets is counted by store, without names and values", async () => {
  upstream.respond = answering("{}");
  await ask("alias");
  const before = await metrics();
  expect(before).toMatch(/^keyward_secret_events_total\{event="read",provider="dotenv[^"]*"\} \d+$/m);
  expect(before).toMatch(/^keyward_secret_read_duration_seconds_count\{provider="dotenv[^"]*"\} \d+$/m);
  await proxy.files.write(".env", `UPSTREAM_KEY=${key}-next\nMASTER_KEY=${masterKey}\n`);
  await vi.waitFor(async () => {
    await (await ask("alias")).text();
    expect(upstream.last.headers.authorization).toBe(`Bearer ${key}-next`);
    expect(await metrics()).toMatch(/event="rotated",provider="dotenv/);
  });
  const text = await metrics();
  for (const hidden of [key, masterKey, "UPSTREAM_KEY"]) expect(text).not.toContain(hidden);
});

test("nothing that a client makes up becomes a label", async () => {
  const made = "made-up-4711";
  await ask(made);
  await fetch(`${proxy.url}/${made}`, { method: "POST", headers });
  await ask("alias", `/openai/deployments/${made}/chat/completions`);
  await ask("alias", `/v1/chat/completions?${made}`);
  expect(await metrics()).not.toContain(made);
});

test("a histogram counts what is at most its bound", () => {
  const histogram = new Histogram("h", "Help.", ["kind"], [1, 2]);
  for (const seconds of [0.5, 1, 1.5, 99]) histogram.observe(seconds, "a");
  expect(histogram.lines()).toEqual([
    "# HELP h Help.",
    "# TYPE h histogram",
    'h_bucket{kind="a",le="1"} 2',
    'h_bucket{kind="a",le="2"} 3',
    'h_bucket{kind="a",le="+Inf"} 4',
    'h_sum{kind="a"} 102',
    'h_count{kind="a"} 4',
  ]);
});

test("a label's quotes, backslashes and line breaks are escaped", () => {
  const counter = new Counter("c", "Help.", ["model"]);
  counter.increment('a"\\\n');
  expect(counter.lines().at(-1)).toBe('c{model="a\\"\\\\\\n"} 1');
});
