import { hash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ask, booksProxy, upstreamKey } from "../../test/books-proxy.ts";
import { type Databases, databaseKinds, databases } from "../../test/database-places.ts";
import { type FakeOpenAi, fakeOpenAi } from "../../test/fake-openai.ts";
import { postgresPassword } from "../../test/postgres.ts";
import { masterKey, type RunningProxy } from "../../test/running-proxy.ts";

const messages = [{ role: "user" as const, content: "Hi" }];
let all: Databases;
let upstream: FakeOpenAi;
beforeAll(async () => {
  [all, upstream] = await Promise.all([databases(), fakeOpenAi([upstreamKey])]);
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

describe.each(databaseKinds)("with %s", (kind) => {
  let proxy: RunningProxy;
  const keys: string[] = [];
  beforeAll(async () => {
    proxy = await booksProxy(all, upstream, kind);
  });
  beforeEach(() => {
    upstream.instead = undefined;
  });
  afterEach(() => {
    const log = proxy.log.join("");
    for (const secret of [upstreamKey, masterKey, postgresPassword, ...keys, ...keys.map(tokenOf)])
      expect(log).not.toContain(secret);
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  const tokenOf = (key: string): string => hash("sha256", key, "hex");

  async function generate(body: object = {}): Promise<string> {
    const answer = await ask(proxy, "/key/generate", body);
    expect(answer.status).toBe(200);
    keys.push(answer.body.key);
    return answer.body.key;
  }

  const call = (key: string, model = "alias") => ask(proxy, "/v1/chat/completions", { model, messages }, key);

  test("a key is generated with everything LiteLLM's request can say, and shown once", async () => {
    const wanted = {
      key_alias: `team-${kind}`,
      models: ["alias"],
      max_budget: 10.5,
      budget_duration: "30d",
      duration: "1h",
      rpm_limit: 100,
      tpm_limit: 100_000,
      max_parallel_requests: 5,
      metadata: { team: "🌍" },
      user_id: "ada",
      team_id: "core",
      blocked: false,
    };
    const { status, body, headers } = await ask(proxy, "/key/generate", wanted);
    const { duration, ...shown } = wanted;
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({ ...shown, spend: 0, key: expect.stringMatching(/^sk-[\w-]{32}$/) });
    expect(body.token).toBe(tokenOf(body.key));
    expect(Date.parse(body.expires) - Date.now()).toBeGreaterThan(3_590_000);
    keys.push(body.key);
    for (const name of [body.key, body.token]) {
      const info = await ask(proxy, `/key/info?key=${name}`);
      expect(info.body).toMatchObject({
        key: name,
        info: { ...shown, key_name: `sk-...${body.key.slice(-4)}` },
      });
      expect(JSON.stringify(info.body.info)).not.toContain(body.key);
    }
    expect((await call(body.key)).status).toBe(200);
    const again = await ask(proxy, "/key/generate", { key_alias: `team-${kind}` });
    expect(again).toMatchObject({
      status: 409,
      body: { error: { code: "key_alias_taken", param: "key_alias" } },
    });
  });

  test("a key is changed, and what LiteLLM could restrict that is not kept here is refused", async () => {
    const key = await generate({ models: ["alias"], max_budget: 1 });
    expect((await call(key, "other")).body.error).toMatchObject({
      code: "model_not_allowed",
      param: "model",
    });
    const updated = await ask(proxy, "/key/update", { key, models: [], max_budget: null, duration: "2w" });
    expect(updated.body).toMatchObject({ key, models: [], max_budget: null });
    expect((await call(key, "other")).status).toBe(200);
    for (const wrong of [
      { rpm_limit: "many" },
      { models: "alias" },
      { duration: "soon" },
      { model_rpm_limit: { a: 1 } },
    ]) {
      const { status, body } = await ask(proxy, "/key/update", { key, ...wrong });
      expect([status, body.error.param]).toEqual([400, Object.keys(wrong)[0]]);
    }
    expect((await ask(proxy, "/key/update", { key: "sk-nobody", models: [] })).status).toBe(404);
    expect((await ask(proxy, "/key/update", { models: [] })).body.error).toMatchObject({ param: "key" });
  });

  test("keys are listed, page by page, as hashes or whole", async () => {
    const key = await generate({ user_id: "lister" });
    await generate({ user_id: "lister" });
    const hashes = await ask(proxy, "/key/list?user_id=lister&size=1");
    expect(hashes.body).toMatchObject({ total_count: 2, current_page: 1, total_pages: 2 });
    expect(hashes.body.keys).toHaveLength(1);
    const whole = await ask(proxy, `/key/list?return_full_object=true&key_hash=${tokenOf(key)}`);
    expect(whole.body.keys).toMatchObject([{ token: tokenOf(key), user_id: "lister" }]);
    expect((await ask(proxy, "/key/list?size=0")).status).toBe(400);
  });

  test("a key that is blocked, expired, deleted or regenerated works no more; its successor does", async () => {
    const key = await generate({ metadata: { kept: true } });
    expect((await call(key)).status).toBe(200);
    await ask(proxy, "/key/block", { key });
    expect(await call(key)).toMatchObject({ status: 401, body: { error: { code: "key_blocked" } } });
    await ask(proxy, "/key/unblock", { key });
    const next = await ask(proxy, `/key/${key}/regenerate`, {});
    keys.push(next.body.key);
    expect(next.body).toMatchObject({ metadata: { kept: true } });
    expect((await call(key)).body.error.code).toBe("invalid_api_key");
    expect((await call(next.body.key)).status).toBe(200);
    const third = (await ask(proxy, "/key/regenerate", { key: next.body.token })).body.key;
    keys.push(third);
    expect((await call(third)).status).toBe(200);
    expect((await ask(proxy, "/key/delete", { keys: [third, "sk-nobody"] })).status).toBe(404);
    expect((await ask(proxy, "/key/delete", { keys: [third] })).body).toEqual({ deleted_keys: [third] });
    expect((await call(third)).status).toBe(401);
    const brief = await generate({ duration: "1s" });
    expect((await call(brief)).status).toBe(200);
    await vi.waitFor(async () => expect((await call(brief)).body.error.code).toBe("key_expired"), 3000);
  });

  test("only the master key is let near keys and spend", async () => {
    const key = await generate();
    for (const path of ["/key/info", "/key/list", "/spend/logs", "/spend/keys", "/model/info", "/health"])
      expect(await ask(proxy, path, undefined, key)).toMatchObject({
        status: 403,
        body: { error: { code: "master_key_required" } },
      });
    expect((await ask(proxy, "/key/generate", {}, key)).status).toBe(403);
    expect((await ask(proxy, "/key/generate", {}, "sk-nobody")).status).toBe(401);
    expect((await ask(proxy, "/key/generate", { key: masterKey })).status).toBe(400);
    expect(
      (await ask(proxy, "/v1/models", undefined, await generate({ models: ["other"] }))).body.data,
    ).toMatchObject([{ id: "other" }]);
  });
});
