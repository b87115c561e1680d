import { expect, test, vi } from "vitest";
import { ask } from "../../test/books-proxy.ts";
import { describeBooks, tokenOf } from "../../test/books-suite.ts";
import { masterKey } from "../../test/running-proxy.ts";

describeBooks((books) => {
  const { generate, call, keys, kind } = books;

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
    const { status, body, headers } = await ask(books.proxy, "/key/generate", wanted);
    const { duration, ...shown } = wanted;
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({ ...shown, spend: 0, key: expect.stringMatching(/^sk-[\w-]{32}$/) });
    expect(body.token).toBe(tokenOf(body.key));
    expect(Date.parse(body.expires) - Date.now()).toBeGreaterThan(3_590_000);
    keys.push(body.key);
    for (const name of [body.key, body.token]) {
      const info = await ask(books.proxy, `/key/info?key=${name}`);
      expect(info.body).toMatchObject({
        key: name,
        info: { ...shown, key_name: `sk-...${body.key.slice(-4)}` },
      });
      expect(JSON.stringify(info.body.info)).not.toContain(body.key);
    }
    expect((await call(body.key)).status).toBe(200);
    const again = await ask(books.proxy, "/key/generate", { key_alias: `team-${kind}` });
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
    const updated = await ask(books.proxy, "/key/update", {
      key,
      models: [],
      max_budget: null,
      duration: "2w",
    });
    expect(updated.body).toMatchObject({ key, models: [], max_budget: null });
    expect((await call(key, "other")).status).toBe(200);
    for (const wrong of [
      { rpm_limit: "many" },
      { models: "alias" },
      { duration: "soon" },
      { model_rpm_limit: { a: 1 } },
    ]) {
      const { status, body } = await ask(books.proxy, "/key/update", { key, ...wrong });
      expect([status, body.error.param]).toEqual([400, Object.keys(wrong)[0]]);
    }
    expect((await ask(books.proxy, "/key/update", { key: "sk-nobody", models: [] })).status).toBe(404);
    expect((await ask(books.proxy, "/key/update", { models: [] })).body.error).toMatchObject({
      param: "key",
    });
  });

  test("keys are listed, page by page, as hashes or whole", async () => {
    const key = await generate({ user_id: "lister" });
    await generate({ user_id: "lister" });
    const hashes = await ask(books.proxy, "/key/list?user_id=lister&size=1");
    expect(hashes.body).toMatchObject({ total_count: 2, current_page: 1, total_pages: 2 });
    expect(hashes.body.keys).toHaveLength(1);
    const whole = await ask(books.proxy, `/key/list?return_full_object=true&key_hash=${tokenOf(key)}`);
    expect(whole.body.keys).toMatchObject([{ token: tokenOf(key), user_id: "lister" }]);
    expect((await ask(books.proxy, "/key/list?size=0")).status).toBe(400);
  });

  test("a key that is blocked, expired, deleted or regenerated works no more; its successor does", async () => {
    const key = await generate({ metadata: { kept: true } });
    expect((await call(key)).status).toBe(200);
    await ask(books.proxy, "/key/block", { key });
    expect(await call(key)).toMatchObject({ status: 401, body: { error: { code: "key_blocked" } } });
    await ask(books.proxy, "/key/unblock", { key });
    const next = await ask(books.proxy, `/key/${key}/regenerate`, {});
    keys.push(next.body.key);
    expect(next.body).toMatchObject({ metadata: { kept: true } });
    expect((await call(key)).body.error.code).toBe("invalid_api_key");
    expect((await call(next.body.key)).status).toBe(200);
    const third = (await ask(books.proxy, "/key/regenerate", { key: next.body.token })).body.key;
    keys.push(third);
    expect((await call(third)).status).toBe(200);
    expect((await ask(books.proxy, "/key/delete", { keys: [third, "sk-nobody"] })).status).toBe(404);
    expect((await ask(books.proxy, "/key/delete", { keys: [third] })).body).toEqual({
      deleted_keys: [third],
    });
    expect((await call(third)).status).toBe(401);
    const brief = await generate({ duration: "1s" });
    expect((await call(brief)).status).toBe(200);
    await vi.waitFor(async () => expect((await call(brief)).body.error.code).toBe("key_expired"), 3000);
  });

  test("only the master key is let near keys and spend", async () => {
    const key = await generate();
    for (const path of ["/key/info", "/key/list", "/spend/logs", "/spend/keys", "/model/info", "/health"])
      expect(await ask(books.proxy, path, undefined, key)).toMatchObject({
        status: 403,
        body: { error: { code: "master_key_required" } },
      });
    expect((await ask(books.proxy, "/key/generate", {}, key)).status).toBe(403);
    expect((await ask(books.proxy, "/key/generate", {}, "sk-nobody")).status).toBe(401);
    expect((await ask(books.proxy, "/key/generate", { key: masterKey })).status).toBe(400);
    expect(
      (await ask(books.proxy, "/v1/models", undefined, await generate({ models: ["other"] }))).body.data,
    ).toMatchObject([{ id: "other" }]);
  });
});
