import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leavingClient } from "../../test/leaving-client.ts";
import { type RecordingUpstream, recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

let upstream: RecordingUpstream;
let proxy: RunningProxy;

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

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const body = '{"model":"alias","stream":true}';

test("1,000 streams run at once, and none is left two seconds after their clients went", async () => {
  const responses: ServerResponse[] = [];
  upstream.respond = (response) => {
    responses.push(response);
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
  };
  const clients = Array.from({ length: 1000 }, () => leavingClient(proxy.url, body));
  const answers = await Promise.all(clients.map(({ answer }) => answer));
  const texts = answers.map((answer) => {
    const seen = { text: "" };
    answer.on("data", (chunk: Buffer) => {
      seen.text += chunk;
    });
    return seen;
  });
  expect(upstream.open).toBe(1000);
  for (const response of responses) response.write("data: 2\n\n");
  await vi.waitFor(() => expect(texts.every(({ text }) => text === "data: 1\n\ndata: 2\n\n")).toBe(true));
  for (const client of clients) client.leave();
  await vi.waitFor(() => expect(upstream.open).toBe(0), { timeout: 2000 });
});

const piece = Buffer.alloc(64 * 1024, "data: x\n\n");
const pieces = 1024;

/** Writes 64 MB as fast as its reader takes it. */
function pour(response: ServerResponse, onWrite: () => void): void {
  let left = pieces;
  const more = (): void => {
    while (left > 0) {
      left--;
      onWrite();
      if (!response.write(piece)) return;
    }
    response.end();
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.on("drain", more);
  more();
}

test("50 clients that do not read stop their upstream; one that goes on to read gets it all", async () => {
  let written = 0;
  upstream.respond = (response) => pour(response, () => written++);
  const clients = Array.from({ length: 50 }, () => leavingClient(proxy.url, body));
  const answers = await Promise.all(clients.map(({ answer }) => answer));
  for (const answer of answers) answer.pause();
  let before = -1;
  await vi.waitFor(
    () => {
      const still = before === written;
      before = written;
      expect(still).toBe(true);
    },
    { interval: 300, timeout: 10_000 },
  );
  // Of 50 times 64 MB no more has been written than what lies in the sockets' buffers on the way.
  expect((written / 50) * piece.length).toBeLessThan(16 * 1024 * 1024);
  const [first] = answers;
  let read = 0;
  first?.on("data", (chunk: Buffer) => {
    read += chunk.length;
  });
  first?.resume();
  if (first !== undefined) await once(first, "end");
  expect(read).toBe(pieces * piece.length);
  for (const client of clients) client.leave();
  await vi.waitFor(() => expect(upstream.open).toBe(0), { timeout: 2000 });
});
