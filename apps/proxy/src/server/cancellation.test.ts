import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type LeavingClient, leavingClient } from "../../test/leaving-client.ts";
import { type RecordingUpstream, type Respond, recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

let upstream: RecordingUpstream;
let proxy: RunningProxy;
const count = 20;

beforeAll(async () => {
  upstream = await recordingUpstream();
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "${upstream.origin}/v1" }
general_settings: { master_key: ${masterKey} }
`,
    "",
  );
});

beforeEach(() => {
  upstream.requests.length = 0;
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function clients(stream: boolean): LeavingClient[] {
  const body = JSON.stringify({ model: "alias", stream });
  return Array.from({ length: count }, () => leavingClient(proxy.url, body));
}

async function cancelledWithinOneSecond(): Promise<void> {
  await vi.waitFor(() => expect(upstream.open).toBe(0), { timeout: 1000, interval: 10 });
}

async function callsInProgress(): Promise<string | undefined> {
  const response = await fetch(`${proxy.url}/metrics`, { headers: { "api-key": masterKey } });
  return /^keyward_model_calls_in_progress (\d+)$/m.exec(await response.text())?.[1];
}

test.each([true, false])("20 of 20 that leave before the first byte (stream: %s)", async (stream) => {
  upstream.respond = () => {};
  const waiting = clients(stream);
  await vi.waitFor(() => expect(upstream.requests.length).toBe(count));
  expect(upstream.open).toBe(count);
  for (const client of waiting) client.leave();
  await cancelledWithinOneSecond();
  await vi.waitFor(async () => expect(await callsInProgress()).toBe("0"));
});

const beginnings: [string, boolean, Respond][] = [
  [
    "behind the head of a stream",
    true,
    (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
  ],
  [
    "in the middle of a stream",
    true,
    (response) =>
      void response.writeHead(200, { "content-type": "text/event-stream" }).write('data: {"choices":[]}\n\n'),
  ],
  [
    "in the middle of a compressed stream",
    true,
    (response) =>
      void response
        .writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" })
        .write(gzipSync("data: 1\n\n").subarray(0, 20)),
  ],
  [
    "in the middle of an answer that is no stream",
    false,
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/json", "content-length": 1000 })
        .write('{"choices":['),
  ],
];

test.each(beginnings)("20 of 20 that leave %s", async (_, stream, respond) => {
  upstream.respond = respond;
  const reading = clients(stream);
  const answers = await Promise.all(reading.map(({ answer }) => answer));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(new Array(count).fill(200));
  expect(upstream.open).toBe(count);
  for (const client of reading) client.leave();
  await cancelledWithinOneSecond();
  await vi.waitFor(async () => expect(await callsInProgress()).toBe("0"));
});

test("20 of 20 that leave in the middle of their own request ask nobody", async () => {
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
      await once(socket, "connect");
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${masterKey}\r\ncontent-length: 50\r\n\r\n{"mod`,
      );
      return socket;
    }),
  );
  await vi.waitFor(async () => expect(await callsInProgress()).toBe(String(count)));
  for (const socket of sockets) socket.destroy();
  await vi.waitFor(async () => expect(await callsInProgress()).toBe("0"));
  expect(upstream.requests.length).toBe(0);
});

test("a request sent ahead on a connection is not asked when its client leaves before its turn", async () => {
  upstream.respond = () => {};
  const body = '{"model":"alias"}';
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${masterKey}\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  socket.write((head + body).repeat(5));
  await vi.waitFor(() => expect(upstream.open).toBe(1));
  socket.destroy();
  await cancelledWithinOneSecond();
  expect(await callsInProgress()).toBe("0");
  expect(upstream.requests.length).toBe(1);
});

test("requests sent ahead on a connection are answered in their order", async () => {
  upstream.respond = (response, { body }) => void response.end(body);
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  for (const [index, last] of [false, false, true].entries()) {
    const body = `{"model":"alias","user":"u${index}"}`;
    const end = last ? "connection: close\r\n" : "";
    socket.write(
      `POST /v1/embeddings HTTP/1.1\r\nhost: x\r\nx-api-key: ${masterKey}\r\n${end}content-length: ${body.length}\r\n\r\n${body}`,
    );
  }
  let text = "";
  for await (const chunk of socket) text += chunk;
  expect(text.match(/"u\d"/g)).toEqual(['"u0"', '"u1"', '"u2"']);
});
