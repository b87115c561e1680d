import { afterAll, beforeAll, expect, test } from "vitest";
import { masterKey, type RunningProxy, runningProxy } from "../../../test/running-proxy.ts";
import { findRoute } from "../routes.ts";

let proxy: RunningProxy;

beforeAll(async () => {
  proxy = await runningProxy(
    `
model_list: [{ model_name: mock, litellm_params: { model: openai/any, mock_response: Mocked. } }]
general_settings: { master_key: ${masterKey} }
`,
    "",
  );
});

afterAll(() => proxy[Symbol.asyncDispose]());

function login(password: string): RequestInit {
  return { headers: { authorization: `Basic ${Buffer.from(`any:${password}`).toString("base64")}` } };
}

test("what /openapi.json describes is served, with the method that it says", async () => {
  const response = await fetch(`${proxy.url}/openapi.json`, { headers: { "api-key": masterKey } });
  const { openapi, paths, components } = (await response.json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; responses: { default: object } }>>;
    components: { schemas: object };
  };
  expect(openapi).toBe("3.1.0");
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
  );
  expect(described.length).toBeGreaterThan(30);
  for (const { path, method } of described) {
    const route = findRoute(path.replace("{model}", "mock"));
    expect(route?.endpoint.method.toLowerCase(), path).toBe(method);
  }
  expect(new Set(described.map(({ operationId }) => operationId)).size).toBe(described.length);
  for (const [reference] of JSON.stringify(paths).matchAll(/(?<=#\/components\/schemas\/)\w+/g))
    expect(components.schemas).toHaveProperty(reference);
});

test("a browser is asked for a login, and gets a page that loads nothing from elsewhere", async () => {
  const stranger = await fetch(`${proxy.url}/docs`);
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
  expect((await fetch(`${proxy.url}/docs`, login("sk-wrong"))).status).toBe(401);
  const response = await fetch(`${proxy.url}/docs`, login(masterKey));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await response.text();
  expect(page).toContain("<code>/v1/chat/completions</code>");
  expect(page).not.toMatch(/<script|src=|url\(|https?:/);
});

test("a login opens pages alone: other sites can make a browser send it", async () => {
  for (const path of ["/v1/models", "/metrics", "/health"])
    expect((await fetch(proxy.url + path, login(masterKey))).status).toBe(401);
});
