import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { ask, canary, upstream } from "../test/ask.ts";
import { Recorder } from "../test/recorder.ts";
import { closeAll, untilClosed } from "../test/routed-engine.ts";
import { createEngine, readRequestHead } from "./index.ts";

afterEach(closeAll);

test.each([
  [200, 502],
  [404, 502],
  [429, 429],
  [503, 503],
])("an HTML page with status %i is an error with status %i", async (status, expected) => {
  const { url } = await upstream((_, response) => {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", "retry-after": "7" });
    response.end("<html>sign in</html>");
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.status).toBe(expected);
  expect(recorder.header("retry-after")).toBe("7");
  expect(JSON.parse(recorder.text).error.message).toContain(
    `an HTML page (status ${status}) where JSON belongs`,
  );
});

test("a redirect is not followed", async () => {
  const { url } = await upstream((_, response) => {
    response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.status).toBe(502);
  expect(recorder.headers).not.toContain("location");
  expect(JSON.parse(recorder.text).error.message).toContain("a redirect (status 307)");
});

test.each([
  ["plain", (text: string) => Buffer.from(text)],
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])("an upstream's own error is passed on without the key that it repeats (%s)", async (encoding, encode) => {
  const { url } = await upstream((_, response) => {
    const headers = encoding === "plain" ? {} : { "content-encoding": encoding };
    response.writeHead(401, { "content-type": "application/json", "x-request-id": "r2", ...headers });
    response.end(encode(JSON.stringify({ error: { message: `Incorrect API key provided: ${canary}` } })));
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.status).toBe(401);
  expect(recorder.header("x-request-id")).toBe("r2");
  expect(JSON.parse(recorder.text)).toEqual({ error: { message: "Incorrect API key provided: [secret]" } });
});

test("an upstream's error is passed on without the key, also where no manager knows it", async () => {
  const { url } = await upstream((request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: request.headers.authorization } }));
  });
  const apiKey = { name: "KEY", read: async () => canary };
  const models = [{ name: "m", model: "openai/x", apiBase: url, apiKey }];
  const engine = createEngine({ models, redact: String });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  const recorder = new Recorder();
  const head = readRequestHead(Buffer.from('{"model":"m"}'));
  engine.send({ operation: "/chat/completions", head, headers: [] }, recorder);
  expect((await recorder.done).text).toBe('{"error":{"message":"Bearer [secret]"}}');
});

test("an error in plain text is put into OpenAI's shape, with its status", async () => {
  const { url } = await upstream((_, response) => {
    response.writeHead(503, { "content-type": "text/plain" }).end(`overloaded ${canary}`);
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.status).toBe(503);
  expect(JSON.parse(recorder.text).error).toMatchObject({
    code: "upstream_refused",
    message: expect.stringContaining("status 503: overloaded [secret]"),
  });
});

test("an error without an end is cut off", async () => {
  const { url } = await upstream((_, response) => {
    response.writeHead(500, { "content-type": "text/plain" });
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(64 * 1024)));
    };
    response.on("drain", more);
    more();
  });
  const recorder = await ask({ apiBase: url })[0].done;
  expect(recorder.status).toBe(500);
  expect(recorder.text.length).toBeLessThan(2_000);
});
