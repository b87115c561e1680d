import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { ApiKey } from "@keyward/llm";
import { generate } from "selfsigned";
import { afterEach, expect, test, vi } from "vitest";
import { type LeavingClient, leavingClient } from "../../test/leaving-client.ts";
import { recordingUpstream } from "../../test/recording-upstream.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

const count = 20;
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

function configuration(base: string): string {
  return `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "${base}/v1", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: ${masterKey} }
`;
}

function clients(proxy: RunningProxy, stream: boolean): LeavingClient[] {
  const body = JSON.stringify({ model: "alias", stream });
  return Array.from({ length: count }, () => leavingClient(proxy.url, body));
}

async function callsInProgress(proxy: RunningProxy): Promise<number> {
  const response = await fetch(`${proxy.url}/metrics`, { headers: { "api-key": masterKey } });
  return Number(/^keyward_model_calls_in_progress (\d+)$/m.exec(await response.text())?.[1]);
}

/** A key that is read only when it is let. */
function slowKey(): { key: ApiKey; hold(): void; release(): void } {
  let released = Promise.resolve();
  let release = () => {};
  const key: ApiKey = {
    name: "UPSTREAM_KEY",
    async read() {
      await released;
      return "sk-upstream";
    },
  };
  const hold = (): void => {
    released = new Promise((resolve) => {
      release = resolve;
    });
  };
  return { key, hold, release: () => release() };
}

test.each([true, false])(
  "20 of 20 that leave while the key is read ask nobody (stream: %s)",
  async (stream) => {
    const upstream = await recordingUpstream();
    open.push(upstream);
    const { key, hold, release } = slowKey();
    const proxy = await runningProxy(
      configuration(upstream.origin),
      "UPSTREAM_KEY=sk-upstream\n",
      (loaded) => ({ ...loaded, models: loaded.models.map((model) => ({ ...model, apiKey: key })) }),
    );
    open.push(proxy);
    hold();
    const waiting = clients(proxy, stream);
    await vi.waitFor(async () => expect(await callsInProgress(proxy)).toBe(count));
    for (const client of waiting) client.leave();
    await vi.waitFor(async () => expect(await callsInProgress(proxy)).toBe(0), { timeout: 1000 });
    release();
    // Behind all of them, a client that stays.
    await leavingClient(proxy.url, '{"model":"alias"}').answer;
    expect(upstream.requests.length).toBe(1);
  },
);

/** An upstream that accepts connections and shakes hands only when it is let. */
async function reluctantUpstream() {
  const { cert, private: key } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const known = getCACertificates("default");
  setDefaultCACertificates([...known, cert]);
  const requests: string[] = [];
  const https = createHttpsServer({ cert, key }, (request, response) => {
    requests.push(request.url ?? "");
    response.end("{}");
  });
  const sockets: Socket[] = [];
  let willing = false;
  const server = createServer((socket) => {
    sockets.push(socket);
    if (willing) https.emit("connection", socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets,
    shakeHands(): void {
      willing = true;
      for (const socket of sockets) https.emit("connection", socket);
    },
    async [Symbol.asyncDispose]() {
      setDefaultCACertificates(known);
      for (const socket of sockets) socket.destroy();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

test.each([true, false])(
  "20 of 20 that leave while they queue for a connection ask nobody (stream: %s)",
  async (stream) => {
    const upstream = await reluctantUpstream();
    open.push(upstream);
    const proxy = await runningProxy(configuration(upstream.origin), "UPSTREAM_KEY=sk-upstream\n");
    open.push(proxy);
    const waiting = clients(proxy, stream);
    await vi.waitFor(() => expect(upstream.sockets.length).toBe(count));
    for (const client of waiting) client.leave();
    await vi.waitFor(async () => expect(await callsInProgress(proxy)).toBe(0), { timeout: 1000 });
    upstream.shakeHands();
    const answer = await leavingClient(proxy.url, '{"model":"alias"}').answer;
    expect(answer.statusCode).toBe(200);
    expect(upstream.requests.length).toBe(1);
  },
);
