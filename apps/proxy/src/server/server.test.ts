import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type FakeOpenAi, fakeOpenAi } from "../../test/fake-openai.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";

let upstream: FakeOpenAi;
let proxy: RunningProxy;

beforeAll(async () => {
  upstream = await fakeOpenAi(["sk-first", "sk-second"]);
  proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/wire, api_base: "${upstream.url}", api_key: os.environ/UPSTREAM_KEY }
general_settings: { master_key: ${masterKey} }
secrets: { cache: { ttl: 0.001 } }
`,
    "UPSTREAM_KEY=sk-first\n",
  );
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function request(path: string, init: RequestInit = {}): Promise<[number, unknown]> {
  const response = await fetch(proxy.url + path, init);
  return [response.status, await response.json()];
}

const question = JSON.stringify({ model: "alias" });

test.each(["/health/liveliness", "/health/liveness"])("%s is open to everybody", async (path) => {
  expect(await request(path)).toEqual([200, "I'm alive!"]);
});

test("/health/readiness is open to everybody and tells nothing", async () => {
  expect(await request("/health/readiness")).toEqual([200, { status: "healthy" }]);
});

test.each([
  "/health",
  "/v1/models",
  "/models",
  "/v1/chat/completions",
  "/nothing",
  "/health/liveliness/",
  "//health",
])("%s is closed without the key", async (path) => {
  for (const method of ["GET", "POST"]) expect((await request(path, { method }))[0]).toBe(401);
});

test.each([
  { authorization: `Bearer ${masterKey}` },
  { authorization: `bearer ${masterKey}` },
  { "x-api-key": masterKey },
  { "api-key": masterKey },
])("a key is taken where clients put it: %o".replace("%o", "$#"), async (headers) => {
  expect((await request("/models", { headers }))[0]).toBe(200);
  const broken = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}x`]));
  expect((await request("/models", { headers: broken }))[0]).toBe(401);
});

const headers = { "api-key": masterKey };

test("/health reads the keys and names those that are missing", async () => {
  const [status, body] = await request("/health", { headers });
  expect(status).toBe(200);
  expect(body).toMatchObject({ healthy_endpoints: [{ model: "alias" }], unhealthy_count: 0 });
  expect(JSON.stringify(body)).not.toContain("sk-first");
});

test.each(["/v1/chat/completions", "/chat/completions", "/chat/completions?api-version=1"])(
  "%s is served",
  async (path) => {
    expect((await request(path, { method: "POST", headers, body: question }))[0]).toBe(200);
    expect(upstream.requests.at(-1)?.url).toBe("/v1/chat/completions");
  },
);

test("an unknown path is 404, a wrong method 405", async () => {
  expect(await request("/v1/nothing", { headers })).toMatchObject([404, { error: { code: "unknown_path" } }]);
  expect(await request("/v1/models", { headers, method: "POST" })).toMatchObject([405, { error: {} }]);
  expect(await request("/v1/chat/completions", { headers })).toMatchObject([405, { error: {} }]);
});

test("HEAD is answered where GET is, without a body", async () => {
  const response = await fetch(`${proxy.url}/health/liveliness`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
  expect(response.headers.get("content-length")).toBe("12");
  expect((await fetch(`${proxy.url}/v1/models`, { method: "HEAD" })).status).toBe(401);
  const asked = await fetch(`${proxy.url}/v1/chat/completions`, { method: "HEAD", headers });
  expect(asked.status).toBe(405);
});

test("a key that changes in .env is used without a restart", async () => {
  await proxy.files.write(".env", "UPSTREAM_KEY=sk-second\n");
  await vi.waitFor(async () => {
    await request("/chat/completions", { method: "POST", headers, body: question });
    expect(upstream.requests.at(-1)?.headers.authorization).toBe("Bearer sk-second");
  });
});

test("a key that is gone is told with its name", async () => {
  await proxy.files.write(".env", "OTHER=1\n");
  await vi.waitFor(async () => {
    const [status, body] = await request("/chat/completions", { method: "POST", headers, body: question });
    expect(status).toBe(503);
    expect(body).toMatchObject({
      error: {
        code: "key_unavailable",
        message: expect.stringContaining("secret UPSTREAM_KEY) cannot be read"),
      },
    });
  });
  expect(await request("/health", { headers })).toMatchObject([
    200,
    { unhealthy_endpoints: [{ model: "alias", secret: "UPSTREAM_KEY", error: "not_found" }] },
  ]);
});
