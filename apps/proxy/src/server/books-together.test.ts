import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeOpenAi, fakeOpenAi } from "../../test/fake-openai.ts";
import { type Postgres, postgres } from "../../test/postgres.ts";
import { type RedisServer, redisPassword, redisServer, whyNoRedis } from "../../test/redis.ts";
import { masterKey, type RunningProxy, runningProxy } from "../../test/running-proxy.ts";
import type { BooksConfig } from "../books/books.ts";
import { createBooks } from "../books/create-books.ts";
import { createLog } from "../log.ts";

let server: Postgres;
let upstream: FakeOpenAi;
beforeAll(async () => {
  [server, upstream] = await Promise.all([postgres(), fakeOpenAi(["sk-upstream"])]);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function startProxy(databaseUrl: string, redisUrl?: string, more = ""): Promise<RunningProxy> {
  const proxy = await runningProxy(
    `
model_list:
  - model_name: alias
    litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}", api_key: sk-upstream }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.01 }
general_settings:
  master_key: ${masterKey}
  database_url: os.environ/DATABASE_URL
${more}`,
    `DATABASE_URL=${databaseUrl}\n${redisUrl === undefined ? "" : `REDIS_URL=${redisUrl}\n`}`,
  );
  return proxy;
}

async function post(proxy: RunningProxy, path: string, body: object, key = masterKey) {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(proxy.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  const answer: { key: string; error?: { code: string } } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, ...answer };
}

const ask = (proxy: RunningProxy, key: string) =>
  post(proxy, "/v1/chat/completions", { model: "alias", messages: [] }, key);

/** Milliseconds until a proxy answers this status. */
async function until(status: number, proxy: RunningProxy, key: string): Promise<number> {
  const begin = performance.now();
  await vi.waitFor(async () => expect((await ask(proxy, key)).status).toBe(status), {
    timeout: 5000,
    interval: 10,
  });
  return performance.now() - begin;
}

describe("two proxies on one PostgreSQL", () => {
  let one: RunningProxy;
  let other: RunningProxy;
  beforeAll(async () => {
    const url = await server.database();
    [one, other] = await Promise.all([startProxy(url), startProxy(url)]);
  });
  afterAll(() => Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]));

  test("a key that one makes works at the other, and what one blocks or deletes the other refuses within a second", async () => {
    const { key } = await post(one, "/key/generate", {});
    expect((await ask(other, key)).status).toBe(200);
    await post(one, "/key/block", { key });
    expect(await until(401, other, key)).toBeLessThan(1000);
    await post(other, "/key/unblock", { key });
    expect(await until(200, one, key)).toBeLessThan(1000);
    await post(one, "/key/delete", { keys: [key] });
    expect(await until(401, other, key)).toBeLessThan(1000);
  });

  test("tokens a minute are of both together", async () => {
    const { key } = await post(one, "/key/generate", { tpm_limit: 3 });
    expect((await ask(one, key)).status).toBe(200);
    await until(429, one, key);
    // Not even once.
    expect((await ask(other, key)).status).toBe(429);
  });

  test("requests a minute, requests at a time and the budget are of both together", async () => {
    const { key } = await post(one, "/key/generate", { rpm_limit: 5 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => ask(index % 2 ? one : other, key)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const { key: spender } = await post(one, "/key/generate", { max_budget: 0.02 });
    await ask(other, spender);
    expect((await ask(one, spender)).status).toBe(200);
    await until(429, one, spender);
    const { key: parallel } = await post(one, "/key/generate", { max_parallel_requests: 3 });
    const waiting: (() => void)[] = [];
    upstream.instead = (response) => void waiting.push(() => response.end("{}"));
    const calls = Array.from({ length: 10 }, (_, index) => ask(index % 2 ? one : other, parallel));
    const refused = await vi.waitFor(async () => {
      const settled = await Promise.all(calls.map((call) => Promise.race([call, undefined])));
      const over = settled.filter((answer) => answer?.status === 429);
      expect(over).toHaveLength(7);
      return over;
    });
    expect(refused[0]?.error?.code).toBe("rate_limit_exceeded");
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    upstream.instead = undefined;
    for (const end of waiting) end();
    await Promise.all(calls);
    await until(200, other, parallel);
  });
});

test("a configuration that replaces another brings its prices and its URL", async () => {
  const url = await server.database();
  const configured = (inputCostPerToken: number, read: () => Promise<string>): BooksConfig => ({
    place: { kind: "postgres", url: read },
    models: [{ name: "alias", model: "openai/nobody-knows", inputCostPerToken }],
  });
  const log: string[] = [];
  const write = (text: string) => void log.push(text);
  const books = createBooks(
    configured(0.001, async () => url),
    createLog({ redact: (text) => text, out: write, error: write }),
  );
  await books.open();
  const read = vi.fn(async () => url);
  books.configure(configured(0.002, read));
  const usage = { promptTokens: 1, completionTokens: 0, cachedTokens: 0 };
  expect((await books.open()).price("alias")?.(usage)).toBe(2e6);
  expect(await books.identify("sk-nobody")).toMatchObject({ status: 401 });
  expect(read).toHaveBeenCalled();
  const elsewhere = await server.database();
  books.configure(configured(0.002, async () => elsewhere));
  const { tables } = await books.open();
  // Its tables are not there: whoever went would hear that.
  expect(await tables.selectFrom("keyward_keys").select("id").execute()).toEqual([]);
  await books.identify("sk-nobody-anywhere");
  expect(log.filter((line) => line.includes("leads to another database"))).toHaveLength(1);
  expect(log.join()).not.toContain(elsewhere);
  books.configure({ place: { kind: "sqlite", file: "/nowhere" }, models: [] });
  expect(log.join()).toContain("after a restart");
  expect(await books.identify("sk-nobody-else")).toMatchObject({ status: 401 });
  await books.close(1000);
});

describe("with the database away", () => {
  let proxy: RunningProxy;
  beforeEach(async () => {
    proxy = await startProxy(await server.database());
    return () => proxy[Symbol.asyncDispose]();
  });

  test("a known key goes on working, limits and all; an unknown one is 503, not 401; and it is said once", async () => {
    const { key } = await post(proxy, "/key/generate", {});
    const { key: limited } = await post(proxy, "/key/generate", {
      rpm_limit: 3,
      max_parallel_requests: 2,
      tpm_limit: 900,
    });
    expect([(await ask(proxy, key)).status, (await ask(proxy, limited)).status]).toEqual([200, 200]);
    await server.stop();
    for (let index = 0; index < 5; index++) expect((await ask(proxy, key)).status).toBe(200);
    const answers = [];
    for (let index = 0; index < 5; index++) answers.push((await ask(proxy, limited)).status);
    expect(answers).toEqual([200, 200, 200, 429, 429]);
    const unknown = await ask(proxy, "sk-nobody-knows");
    expect(unknown).toMatchObject({ status: 503, error: { code: "database_unavailable" } });
    expect(unknown.headers.get("retry-after")).toBe("1");
    expect((await post(proxy, "/key/generate", {})).status).toBe(503);
    await ask(proxy, "sk-nobody-else");
    expect(proxy.log.filter((line) => line.includes("cannot be looked up"))).toHaveLength(1);
    await server.start();
    await until(401, proxy, "sk-nobody-knows");
    await vi.waitFor(() => expect(proxy.log.join()).toContain("Spend is written again"), 5000);
  });

  test("a proxy starts while the database is away, and serves keys once it is there", async () => {
    const url = await server.database();
    await server.stop();
    await using late = await startProxy(url);
    expect((await ask(late, masterKey)).status).toBe(200);
    expect((await ask(late, "sk-nobody")).status).toBe(503);
    await server.start();
    const { key } = await vi.waitFor(async () => {
      const answer = await post(late, "/key/generate", {});
      expect(answer.status).toBe(200);
      return answer;
    }, 5000);
    expect((await ask(late, key)).status).toBe(200);
  });
});

describe.skipIf(whyNoRedis !== undefined)(`two proxies on one Redis ${whyNoRedis ?? ""}`, () => {
  let redis: RedisServer;
  let one: RunningProxy;
  let other: RunningProxy;
  beforeAll(async () => {
    redis = await redisServer();
    const url = await server.database();
    [one, other] = await Promise.all([startProxy(url, redis.url), startProxy(url, redis.url)]);
  });
  afterAll(async () => {
    await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
    await redis[Symbol.asyncDispose]();
  });

  test("router_settings can say where it is, with a password that a URL would read otherwise", async () => {
    const settings = `router_settings:
  redis_host: 127.0.0.1
  redis_port: ${redis.port}
  redis_password: "${redisPassword}"
`;
    const url = await server.database();
    await using here = await startProxy(url, undefined, settings);
    await using there = await startProxy(url, undefined, settings);
    const { key } = await post(here, "/key/generate", { rpm_limit: 1 });
    expect([(await ask(here, key)).status, (await ask(there, key)).status]).toEqual([200, 429]);
    expect(await redis.keys()).toContainEqual(expect.stringMatching(/^keyward_rpm:/));
    expect(here.log.join() + there.log.join()).not.toContain("Redis");
  });

  test("limits are of both together, and each proxy's own while Redis is away", async () => {
    const { key } = await post(one, "/key/generate", {
      rpm_limit: 5,
      tpm_limit: 1000,
      max_parallel_requests: 20,
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => ask(index % 2 ? one : other, key)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(await redis.keys()).toEqual(expect.arrayContaining([expect.stringMatching(/^keyward_rpm:/)]));
    const { key: parallel } = await post(one, "/key/generate", { max_parallel_requests: 3 });
    const waiting: (() => void)[] = [];
    upstream.instead = (response) => void waiting.push(() => response.end("{}"));
    const calls = Array.from({ length: 10 }, (_, index) => ask(index % 2 ? one : other, parallel));
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    upstream.instead = undefined;
    for (const end of waiting) end();
    expect((await Promise.all(calls)).filter(({ status }) => status === 200)).toHaveLength(3);
    await redis.stop();
    const { key: alone } = await post(one, "/key/generate", { rpm_limit: 2 });
    const statuses = [];
    for (let index = 0; index < 4; index++) statuses.push((await ask(one, alone)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    await vi.waitFor(() => expect(one.log.join()).toContain("Redis cannot be reached"));
  });
});
