import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { event, type FakeOpenAi, fakeOpenAi, type SeenRequest } from "../../test/fake-openai.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

const key = "sk-canary-upstream-2";
let upstream: FakeOpenAi;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await fakeOpenAi([key]);
  const nobody = await fakeOpenAi([]);
  await nobody[Symbol.asyncDispose]();
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-wire, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
  - model_name: nobody-there
    litellm_params: { model: openai/gpt-wire, api_base: "${nobody.url}", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: os.environ/MASTER_KEY }
router_settings: { num_retries: 0 }
`,
    `UPSTREAM_KEY=${key}\nMASTER_KEY=${masterKey}\n`,
  );
});

afterEach(() => {
  upstream.instead = undefined;
  expect(proxy.log.join()).not.toContain(key);
  expect(proxy.log.join()).not.toContain(masterKey);
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const messages = [{ role: "user" as const, content: "Hi" }];

/** The upstream's side of the next request. */
function nextRequest(then: (response: ServerResponse) => void = () => {}): Promise<ServerResponse> {
  return new Promise((resolve) => {
    upstream.instead = (response: ServerResponse, _: SeenRequest) => {
      then(response);
      resolve(response);
    };
  });
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(event("gpt-wire", "one"));
}

test("an unreachable upstream is a 502 that says so, to the client and in the log", async () => {
  const call = proxy.client().chat.completions.create({ model: "nobody-there", messages });
  await expect(call).rejects.toThrow(OpenAI.InternalServerError);
  await expect(call).rejects.toMatchObject({ status: 502, code: "upstream_unreachable" });
  expect(proxy.log.at(-1)).toMatch(/upstream_unreachable: .*"nobody-there".*nothing listens there/);
});

test("an upstream that answers HTML is a 502 that names what to check", async () => {
  upstream.instead = (response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
  };
  const call = proxy.client().chat.completions.create({ model: "alias", messages });
  await expect(call).rejects.toMatchObject({ status: 502, code: "upstream_invalid" });
  await expect(call).rejects.toThrow("check api_base");
});

test("an answer that the upstream breaks off is an error", async () => {
  upstream.instead = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
    response.write('{"choices":[]', () => response.destroy());
  };
  await expect(proxy.client().chat.completions.create({ model: "alias", messages })).rejects.toThrow();
  await vi.waitFor(() => expect(proxy.log.at(-1)).toContain("upstream_interrupted"));
});

test("a stream that the upstream breaks off is an error after what came of it", async () => {
  upstream.instead = (response) => {
    begin(response);
    response.write(event("gpt-wire", "two"), () => response.destroy());
  };
  const stream = await proxy.client().chat.completions.create({ model: "alias", messages, stream: true });
  const parts: unknown[] = [];
  const read = async () => {
    for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content);
  };
  await expect(read()).rejects.toThrow(OpenAI.APIError);
  expect(parts).toEqual(["one", "two"]);
});

test("a stream that breaks off inside an event ends in an error as well", async () => {
  upstream.instead = (response) => {
    begin(response);
    response.write('data: {"id":"c","choi', () => response.destroy());
  };
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}` },
    body: JSON.stringify({ model: "alias", messages, stream: true }),
  });
  await expect(response.text()).rejects.toThrow();
});

test("a client that leaves in the middle of a stream ends the upstream's", async () => {
  const upstreamSide = nextRequest(begin);
  const stream = await proxy.client().chat.completions.create({ model: "alias", messages, stream: true });
  const response = await upstreamSide;
  const closed = once(response, "close");
  for await (const _ of stream) break;
  await closed;
  expect(response.writableFinished).toBe(false);
});

test.each([true, false])(
  "a client that leaves before the first byte ends the upstream's work (stream: %s)",
  async (stream) => {
    const upstreamSide = nextRequest();
    const leave = new AbortController();
    const call = proxy
      .client()
      .chat.completions.create({ model: "alias", messages, stream }, { signal: leave.signal });
    const response = await upstreamSide;
    const closed = once(response, "close");
    leave.abort();
    await expect(call).rejects.toThrow(OpenAI.APIUserAbortError);
    await closed;
  },
);

test("a client that leaves in the middle of its own request asks nobody", async () => {
  const before = upstream.requests.length;
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-api-key: ${masterKey}\r\ncontent-length: 50\r\n\r\n{"mod`,
  );
  await once(socket, "connect");
  socket.destroy();
  await proxy.client().chat.completions.create({ model: "alias", messages });
  expect(upstream.requests.length).toBe(before + 1);
});
