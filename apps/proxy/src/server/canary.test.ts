import { gzipSync } from "node:zlib";
import { operations } from "@keyward/llm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecordingUpstream, type Respond, recordingUpstream } from "../../test/recording-upstream.ts";
import { type RunningProxy, runningProxy } from "../../test/running-proxy.ts";
import { endpoints } from "./routes.ts";

/** Secrets whose every trace is looked for; long enough that no part of an answer is one by chance. */
const canaries = {
  upstream: "sk-canary-upstream-51c2a9",
  literal: "sk-canary-literal-77e0b3",
  master: "sk-canary-master-0d93f1",
  client: "sk-canary-client-b81e44",
};
let upstream: RecordingUpstream;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await recordingUpstream();
  const base = `"${upstream.origin}/v1"`;
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: ${base}, api_key: os.environ/UPSTREAM_KEY }
  - model_name: literal
    litellm_params: { model: openai/wire, api_base: ${base}, api_key: ${canaries.literal} }
  - model_name: azure
    litellm_params: { model: azure/wire, api_base: "${upstream.origin}", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY }
router_settings: { num_retries: 0 }
`,
    `UPSTREAM_KEY=${canaries.upstream}\nMASTER_KEY=${canaries.master}\n`,
  );
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const forms = Object.values(canaries).flatMap((canary) => [
  canary,
  Buffer.from(canary).toString("base64").slice(0, -4),
  Buffer.from(canary).toString("hex"),
]);

/** Whatever a client sees of an answer, its headers included. */
async function seen(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(proxy.url + path, init);
  const text = await response.text().catch((error: Error) => `broke off: ${error.message}`);
  return JSON.stringify([response.status, ...response.headers, text]);
}

function expectNothing(text: string): void {
  for (const form of forms) expect(text.includes(form)).toBe(false);
}

/** Repeats, as some do, everything that it was sent. */
const repeating =
  (status: number, encode: (text: string) => Buffer = Buffer.from, encoding?: string): Respond =>
  (response, { headers }) => {
    const key = headers.authorization ?? headers["api-key"];
    const body = encode(
      JSON.stringify({ error: { message: `Wrong key: ${key}`, type: "t", param: null, code: "c" } }),
    );
    response.writeHead(status, {
      "content-type": "application/json",
      "www-authenticate": String(key),
      "set-cookie": `key=${key}`,
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    });
    response.end(body);
  };

const faults: Record<string, Respond> = {
  "repeats the key with status 401": repeating(401),
  "repeats the key with status 400, in gzip": repeating(400, gzipSync, "gzip"),
  "repeats the key in plain text": (response, { headers }) => {
    response.writeHead(422, { "content-type": "text/plain" }).end(JSON.stringify(headers));
  },
  "repeats the key on a page for people": (response, { headers }) => {
    response.writeHead(404, { "content-type": "text/html" }).end(JSON.stringify(headers));
  },
  "redirects to where the key is": (response, { headers }) => {
    response.writeHead(302, { location: `/?key=${headers.authorization}` }).end();
  },
  "breaks off": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n", () => response.destroy());
  },
  "says nothing and hangs up": (response) => response.destroy(),
};

const asked = ["alias", "literal", "azure", "nobody"];

test.each(Object.entries(faults))("no endpoint tells a key when the upstream %s", async (_, respond) => {
  upstream.respond = respond;
  const before = upstream.requests.length;
  const answers = await Promise.all(
    operations.flatMap((operation) =>
      asked.map((model) =>
        seen(`/v1${operation}`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${canaries.master}`,
            "x-api-key": canaries.client,
            cookie: `key=${canaries.client}`,
          },
          body: JSON.stringify({ model, stream: true }),
        }),
      ),
    ),
  );
  // Otherwise nobody could have told anything.
  expect(upstream.requests.length).toBeGreaterThan(before);
  for (const answer of answers) expectNothing(answer);
  for (const { headers, body } of upstream.requests.slice(before)) {
    const sent = `${JSON.stringify(headers)}${body}`;
    expect(sent.includes(canaries.master)).toBe(false);
    expect(sent.includes(canaries.client)).toBe(false);
  }
});

test("nothing that is served tells a key, to whoever may ask and to whoever may not", async () => {
  const keys: RequestInit[] = [
    { headers: { authorization: `Bearer ${canaries.master}` } },
    { headers: { authorization: `Bearer ${canaries.client}` } },
    { headers: { "api-key": canaries.client, cookie: canaries.client } },
    {},
  ];
  for (const { path, aliases = [] } of endpoints) {
    for (const each of [path, ...aliases]) {
      const url = each.replace("{model}", "alias");
      for (const init of keys) {
        expectNothing(await seen(url, init));
        expectNothing(await seen(url, { ...init, method: "POST", body: '{"model":' }));
      }
    }
  }
});

test("no key is in the log, nor what clients sent", () => {
  expect(proxy.log.length).toBeGreaterThan(10);
  expectNothing(proxy.log.join());
});
