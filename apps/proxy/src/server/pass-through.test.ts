import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renamed } from "../../test/recording-fetch.ts";
import { answering, type RecordingUpstream, recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";
import * as wire from "../../test/wire/openai.ts";

const key = "sk-canary-upstream-6";
let upstream: RecordingUpstream;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await recordingUpstream();
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.origin}/v1", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

interface Answer {
  readonly message: IncomingMessage;
  readonly body: Buffer;
}

/** Asks without a client's comforts: nothing is added, nothing decoded. */
async function ask(body: string | Buffer, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const sent = request(`${proxy.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}`, ...headers },
  }).end(body);
  const [message] = (await once(sent, "response")) as [IncomingMessage];
  return { message, body: await buffer(message) };
}

const question = '{"model":"alias"}';

const sizes = [
  ["100 kB", 100_000],
  ["20 MB", 20_000_000],
] as const;

test.each(sizes)("a body of %s, with the model in front or behind", async (_, size) => {
  upstream.respond = answering(wire.chatCompletion);
  const content = JSON.stringify(`${'\u00e4\\"🌍{}[]'.repeat(size / 13)}`);
  for (const text of [
    `{"model":"alias","messages":[{"role":"user","content":${content}}],"n":1.0}`,
    `{ "messages":[{"role":"user", "content":${content}}], "temperature":0.10, "model" : "alias" }`,
  ]) {
    const bytes = Buffer.from(text);
    expect(bytes.length).toBeGreaterThan(size);
    const { message } = await ask(bytes);
    expect(message.statusCode).toBe(200);
    expect(upstream.last.body.equals(renamed(bytes, "alias", "gpt-wire"))).toBe(true);
    expect(upstream.last.headers["content-length"]).toBe(String(upstream.last.body.length));
  }
});

test.each(sizes)("an answer of %s", async (_, size) => {
  const bytes = Buffer.alloc(size, wire.chatCompletion);
  upstream.respond = answering(bytes, { "content-length": String(size) });
  const { message, body } = await ask(question);
  expect(message.headers["content-length"]).toBe(String(size));
  expect(body.equals(bytes)).toBe(true);
});

const encodings = [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const;

test.each(encodings)("an upstream that answers in %s", async (encoding, compress) => {
  const compressed = compress(wire.chatCompletion);
  upstream.respond = answering(compressed, { "content-encoding": encoding });
  const { message, body } = await ask(question, { "accept-encoding": encoding });
  expect(upstream.last.headers["accept-encoding"]).toBe(encoding);
  expect(message.headers["content-encoding"]).toBe(encoding);
  expect(body.equals(compressed)).toBe(true);
});

test.each(encodings)("a stream of an upstream that compresses it with %s", async (encoding, compress) => {
  const compressed = compress(wire.chatStreamWithUsage);
  const headers = { "content-type": "text/event-stream", "content-encoding": encoding };
  upstream.respond = (response) => {
    response.writeHead(200, headers);
    response.write(compressed.subarray(0, 50));
    response.end(compressed.subarray(50));
  };
  const { message, body } = await ask('{"model":"alias","stream":true}', { "accept-encoding": encoding });
  expect(message.headers).toMatchObject(headers);
  expect(body.equals(compressed)).toBe(true);
});

test("a client that takes no compression gets none: nothing is asked for in its name", async () => {
  upstream.respond = answering("{}");
  await ask(question);
  expect(upstream.last.headers).not.toHaveProperty("accept-encoding");
});

test("of a client's headers the upstream sees these and no others", async () => {
  upstream.respond = answering("{}");
  await ask(question, {
    accept: "application/json",
    "content-type": "application/json; charset=utf-8",
    "idempotency-key": "once",
    "x-client-request-id": "c-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "api-key": masterKey,
    "x-api-key": masterKey,
    cookie: "session=1",
    "proxy-authorization": "Basic eDp5",
    connection: "keep-alive, x-hop",
    "x-hop": "1",
    te: "trailers",
    expect: "100-continue",
    "x-forwarded-for": "10.1.2.3",
    "x-forwarded-host": "inner",
    "x-real-ip": "10.1.2.3",
    forwarded: "for=10.1.2.3",
    via: "1.1 inner",
    origin: "https://inner",
    referer: "https://inner/secret",
    "user-agent": "somebody/1.0",
    "openai-organization": "org-of-the-client",
    host: "inner",
  });
  expect(upstream.last.headers).toEqual({
    host: new URL(upstream.origin).host,
    connection: "keep-alive",
    "content-type": "application/json",
    "content-length": String('{"model":"gpt-wire"}'.length),
    "user-agent": "keyward",
    authorization: `Bearer ${key}`,
    accept: "application/json",
    "idempotency-key": "once",
    "x-client-request-id": "c-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  });
});

test.each([200, 429])("of an upstream's headers the client sees these and no others (%i)", async (status) => {
  const crossing = {
    "content-type": "application/json",
    "retry-after": "300",
    "retry-after-ms": "300000",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-tokens": "6m0s",
    "x-request-id": "req_1",
    "request-id": "req_1",
    "apim-request-id": "req_1",
    "openai-processing-ms": "123",
    "openai-version": "2020-10-01",
  };
  upstream.respond = answering(
    "{}",
    {
      ...crossing,
      "set-cookie": "__cf_bm=1",
      server: "cloudflare",
      via: "1.1 google",
      "alt-svc": 'h3=":443"',
      "strict-transport-security": "max-age=1",
      "access-control-allow-origin": "*",
      "proxy-authenticate": "Basic",
      "www-authenticate": "Bearer",
      upgrade: "h2c",
      "x-amz-cf-id": "1",
      location: "/elsewhere",
      "keep-alive": "timeout=1",
    },
    status,
  );
  const { message } = await ask(question);
  expect(message.statusCode).toBe(status);
  // What the server itself writes of this connection.
  const { date: _, connection, "keep-alive": lifetime, "transfer-encoding": _2, ...rest } = message.headers;
  expect(rest).toEqual(crossing);
  expect(connection).toBe("keep-alive");
  expect(lifetime).toBe("timeout=75");
});
