import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leavingClient } from "../../test/leaving-client.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

let answer = "";
let proxy: RunningProxy;
const sockets = new Set<Socket>();

/** Speaks bytes rather than HTTP, so that an answer can stop anywhere; then it hangs up. */
const upstream = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => {
    // The proxy may hang up first: what it makes of the bytes is what is looked at.
  });
  socket.once("data", () => socket.end(answer));
});

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const address = upstream.address();
  const port = typeof address === "object" ? address?.port : undefined;
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "http://127.0.0.1:${port}/v1" }
general_settings: { master_key: ${masterKey} }
router_settings: { num_retries: 0 }
`,
    "",
  );
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  for (const socket of sockets) socket.destroy();
  const closed = once(upstream, "close");
  upstream.close();
  await closed;
});

async function read(path?: string): Promise<{ text: string; complete: boolean }> {
  const message = await leavingClient(proxy.url, '{"model":"alias","stream":true}', path).answer;
  let text = "";
  message.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => message.once("close", resolve));
  return { text, complete: message.complete };
}

const head = "HTTP/1.1 200 OK\r\ncontent-type:";
const chunked = "transfer-encoding: chunked\r\n";

test.each([
  ["JSON short of its length", `${head} application/json\r\ncontent-length: 90\r\n\r\n{"choices":[`],
  ["JSON in chunks, without the last", `${head} application/json\r\n${chunked}\r\nc\r\n{"choices":[\r\n`],
  ["JSON in the middle of a chunk", `${head} application/json\r\n${chunked}\r\nff\r\n{"choices":[`],
  ["sound short of its length", `${head} audio/mpeg\r\ncontent-length: 90\r\n\r\nID3`],
  [
    "a compressed stream",
    `${head} text/event-stream\r\ncontent-encoding: gzip\r\n${chunked}\r\n3\r\nabc\r\n`,
  ],
  ["a stream inside an event", `${head} text/event-stream\r\n${chunked}\r\n8\r\ndata: {"\r\n`],
])("%s is never a short success", async (_, bytes) => {
  answer = bytes;
  const { complete } = await read();
  expect(complete).toBe(false);
  expect(proxy.log.at(-1)).toContain("upstream_interrupted");
});

test.each([
  ["/v1/chat/completions", /^data: \{"a":1\}\n\ndata: \{"error":\{"message":"[^\n]*broke off[^\n]*\}\n\n$/],
  ["/v1/messages", /^data: \{"a":1\}\n\nevent: error\ndata: \{"type":"error","error":\{"type":"api_error"/],
  ["/v1/responses", /^data: \{"a":1\}\n\nevent: error\ndata: \{"type":"error","sequence_number":0,"error":/],
])("a stream of %s between two events ends in an error event, and breaks off", async (path, expected) => {
  answer = `${head} text/event-stream\r\n${chunked}\r\nf\r\ndata: {"a":1}\n\n\r\n`;
  const { text, complete } = await read(path);
  expect(text).toMatch(expected);
  expect(complete).toBe(false);
});
