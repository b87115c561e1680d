import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

const models = `
model_list:
  - model_name: hello
    litellm_params: { model: openai/hello, mock_response: Hello }
`;

let open: RunningProxy;
let guarded: RunningProxy;

beforeAll(async () => {
  open = await runningProxy(models, "");
  guarded = await runningProxy(`${models}\ngeneral_settings: { master_key: ${masterKey} }`, "");
});

afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
});

/** With headers that `fetch` does not let anybody set. */
async function ask(url: string, headers: Record<string, string>): Promise<[number, string]> {
  const { promise, resolve, reject } = Promise.withResolvers<[number, string]>();
  const asking = request(`${url}/v1/chat/completions`, { method: "POST", headers, agent: false });
  asking.on("error", reject).on("response", (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    response.on("end", () => resolve([response.statusCode ?? 0, text]));
  });
  asking.end('{"model":"hello"}');
  return promise;
}

test.each([
  { host: "rebound.example:4000" },
  { host: "localhost.example" },
  { host: "127.0.0.1.example" },
  { origin: "https://page.example" },
  { origin: "http://localhost.example" },
  { origin: "null" },
])("without a master key no site in a browser asks models: %o", async (headers) => {
  const [status, text] = await ask(open.url, { "content-type": "text/plain", ...headers });
  expect(status).toBe(403);
  expect(JSON.parse(text)).toMatchObject({
    error: { code: "foreign_request", message: expect.stringContaining("general_settings.master_key") },
  });
});

test.each([
  {},
  { host: "localhost:4000" },
  { host: "LocalHost" },
  { host: "app.localhost" },
  { host: "[::1]:4000" },
  { host: "127.8.0.1", origin: "http://localhost:3000" },
])("this machine asks without a key: %o", async (headers) => {
  expect((await ask(open.url, headers))[0]).toBe(200);
});

test("with a master key any name will do", async () => {
  const headers = {
    host: "keyward.example",
    origin: "https://page.example",
    authorization: `Bearer ${masterKey}`,
  };
  expect((await ask(guarded.url, headers))[0]).toBe(200);
});
