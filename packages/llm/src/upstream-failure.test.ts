import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine } from "./engine.ts";
import type { LlmError } from "./errors.ts";
import { pickRequestHeaders } from "./headers.ts";
import { readRequestHead } from "./request-head.ts";

const server = createServer((socket) => {
  socket.on("error", () => {}); // The engine hangs up on what is no HTTP.
  socket.on("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address === "object" && address !== null) port = address.port;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

test("an upstream that speaks something else says what to look at", async () => {
  const apiBase = `http://127.0.0.1:${port}/v1`;
  const engine = createEngine({
    models: [{ name: "m", model: "openai/m", apiBase, numRetries: 0 }],
    redact: (text) => text,
  });
  try {
    const head = readRequestHead(Buffer.from('{"model":"m"}'));
    const { promise, resolve } = Promise.withResolvers<LlmError>();
    engine.send(
      { operation: "/chat/completions", head, headers: pickRequestHeaders({}) },
      { start() {}, data: () => true, end() {}, fail: resolve },
    );
    expect(await promise).toMatchObject({
      code: "upstream_invalid",
      message: expect.stringContaining("does not speak HTTP; check the scheme and port of api_base"),
    });
  } finally {
    await engine.destroy();
  }
});
