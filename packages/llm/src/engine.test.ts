import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { ask, canary, upstream } from "../test/ask.ts";
import { Recorder } from "../test/recorder.ts";
import { closeAll, untilClosed } from "../test/routed-engine.ts";
import { upstreamServer } from "../test/upstream-server.ts";
import { createEngine, readRequestHead } from "./index.ts";

afterEach(closeAll);

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("sends the key and the model's own name, and hands back what comes", async () => {
  let seen: unknown;
  const { url } = await upstream(async (request, response) => {
    seen = { url: request.url, authorization: request.headers.authorization, body: await bodyOf(request) };
    response.writeHead(200, {
      "content-type": "application/json",
      "x-request-id": "r1",
      "set-cookie": "a=b",
    });
    response.end('{"odd" : 1.0}');
  });
  const [recorder] = ask({ apiBase: `${url}/v1/` }, { temperature: 1 });
  await recorder.done;
  expect(seen).toEqual({
    url: "/v1/chat/completions",
    authorization: `Bearer ${canary}`,
    body: '{"model":"wire","temperature":1}',
  });
  expect(recorder.text).toBe('{"odd" : 1.0}');
  expect(recorder.header("x-request-id")).toBe("r1");
  expect(recorder.headers).not.toContain("set-cookie");
});

test("asks Azure in Azure's way", async () => {
  let seen: Partial<IncomingMessage> = {};
  const { url } = await upstream((request, response) => {
    seen = request;
    response.end("{}");
  });
  await ask({ model: "azure/<my deployment>", apiBase: `${url}/`, apiVersion: "2024-02-01" })[0].done;
  expect(seen.url).toBe("/openai/deployments/%3Cmy%20deployment%3E/chat/completions?api-version=2024-02-01");
  expect(seen.headers?.["api-key"]).toBe(canary);
  expect(seen.headers).not.toHaveProperty("authorization");
});

test("reads the key at every call", async () => {
  const seen: (string | undefined)[] = [];
  const { url } = await upstream((request, response) => {
    seen.push(request.headers.authorization);
    response.end("{}");
  });
  let version = 0;
  const apiKey = { name: "KEY", read: async () => `key-${++version}` };
  const engine = createEngine({
    models: [{ name: "m", model: "openai/x", apiBase: url, apiKey }],
    redact: String,
  });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  for (let call = 0; call < 2; call++) {
    const recorder = new Recorder();
    const head = readRequestHead(Buffer.from('{"model":"m"}'));
    engine.send({ operation: "/embeddings", head, headers: [] }, recorder);
    await recorder.done;
  }
  expect(seen).toEqual(["Bearer key-1", "Bearer key-2"]);
});

test("a model that nobody configured is not found", async () => {
  const [recorder] = ask({ name: "other" });
  expect((await recorder.done).error).toMatchObject({ code: "model_not_found", status: 404, param: "model" });
});

test.each([
  ["is empty", ""],
  ["holds a line break", `${canary}\n`],
  ["holds another header", `${canary}\r\nx: y`],
])("a key that %s is named and not sent", async (_, value) => {
  const requests = vi.fn();
  const { url } = await upstream(requests);
  const [recorder] = ask({ apiBase: url, apiKey: { name: "MY_KEY", read: async () => value } });
  const { error } = await recorder.done;
  expect(error).toMatchObject({ code: "key_invalid", secret: "MY_KEY" });
  expect(JSON.stringify([error, error?.message, error?.stack])).not.toContain(canary);
  expect(requests).not.toHaveBeenCalled();
});

test("a key that cannot be read says so", async () => {
  const read = async () => {
    throw new Error("the vault is sealed");
  };
  const [recorder] = ask({ apiKey: { name: "MY_KEY", read } });
  expect((await recorder.done).error).toMatchObject({
    code: "key_unavailable",
    status: 503,
    message: expect.stringContaining("MY_KEY) cannot be read: the vault is sealed"),
  });
});

test("an upstream that nobody listens at is unreachable", async () => {
  const { url, [Symbol.asyncDispose]: close } = await upstreamServer(() => {});
  await close();
  const { error } = await ask({ apiBase: url })[0].done;
  expect(error).toMatchObject({ code: "upstream_unreachable", status: 502, provider: "openai", model: "m" });
  expect(error?.message).toContain(
    `${url}) gave no answer: nothing listens there; check api_base (ECONNREFUSED)`,
  );
});

test("an upstream that hangs up is unreachable, one that says nothing is late", async () => {
  const rude = await upstream((request) => request.socket.destroy());
  expect((await ask({ apiBase: rude.url })[0].done).error).toMatchObject({ code: "upstream_unreachable" });
  const silent = await upstream(() => {});
  const late = ask({ apiBase: silent.url, timeoutMs: 50 })[0];
  expect((await late.done).error).toMatchObject({ code: "upstream_timeout", status: 504 });
});

test("an answer that breaks off is a failure, not an end", async () => {
  const { url } = await upstream((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n", () => response.destroy());
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.text).toBe("data: 1\n\n");
  expect(recorder.error).toMatchObject({ code: "upstream_interrupted" });
});

test("a caller that leaves before the answer ends the upstream's work", async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const { url } = await upstream((_, response) => arrived.resolve(response));
  const [recorder, exchange] = ask({ apiBase: url });
  const response = await arrived.promise;
  exchange.cancel();
  await once(response, "close");
  expect(recorder.error).toBeUndefined();
});

test("a caller that leaves while the key is read asks nobody", async () => {
  const requests = vi.fn();
  const { url, connections } = await upstream(requests);
  const key = Promise.withResolvers<string>();
  const [recorder, exchange] = ask({ apiBase: url, apiKey: { name: "KEY", read: () => key.promise } });
  exchange.cancel();
  key.resolve(canary);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await connections()).toBe(0);
  expect(requests).not.toHaveBeenCalled();
  expect(recorder.error).toBeUndefined();
});

test("a caller that leaves while the connection is made ends there", async () => {
  const requests = vi.fn();
  const { url } = await upstream(requests);
  const [recorder, exchange] = ask({ apiBase: url });
  await Promise.resolve(); // the key is read, the connection has begun
  exchange.cancel();
  const [after] = ask({ apiBase: url });
  void after;
  await vi.waitFor(() => expect(requests).toHaveBeenCalledTimes(1));
  expect(recorder.error).toBeUndefined();
});

test("a caller that cannot keep up stops the upstream, until it can", async () => {
  const total = 64 * 1024 * 1024;
  let sent = 0;
  const { url } = await upstream((_, response) => {
    const more = () => {
      let room = true;
      for (; room && sent < total; sent += 65_536) room = response.write(Buffer.alloc(65_536));
      if (sent === total) response.end();
    };
    response.on("drain", more);
    more();
  });
  const [recorder, exchange] = ask({ apiBase: url });
  recorder.ready = false;
  const got = () => recorder.chunks.reduce((size, chunk) => size + chunk.length, 0);
  let before = -1;
  await vi.waitFor(() => {
    const standing = got() > 0 && sent === before;
    before = sent;
    expect(standing).toBe(true);
  });
  expect(got()).toBeLessThan(1024 * 1024);
  expect(sent).toBeLessThan(total);
  recorder.ready = true;
  exchange.resume();
  await recorder.done;
  expect(got()).toBe(total);
});

test.each([
  ["model", { model: "nobody/x" }, "names no provider"],
  ["apiBase", { model: "azure/x" }, "azure needs an api_base"],
  ["apiBase", { model: "openai/x", apiBase: "localhost:8000" }, "not a URL"],
  ["apiBase", { model: "openai/x", apiBase: "https://u:p@host/v1" }, "no query, fragment or credentials"],
])("a deployment with a bad %s does not come to be", (param, options, message) => {
  const models = [{ name: "m", ...options }];
  expect(() => createEngine({ models, redact: String })).toThrow(
    expect.objectContaining({ code: "invalid_request", param, message: expect.stringContaining(message) }),
  );
});
