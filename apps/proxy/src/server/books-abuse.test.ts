import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ask, booksProxy, upstreamKey } from "../../test/books-proxy.ts";
import { type Databases, databaseKinds, databases } from "../../test/database-places.ts";
import { type FakeOpenAi, fakeOpenAi } from "../../test/fake-openai.ts";
import type { RunningProxy } from "../../test/running-proxy.ts";

let all: Databases;
let upstream: FakeOpenAi;
beforeAll(async () => {
  [all, upstream] = await Promise.all([databases(), fakeOpenAi([upstreamKey])]);
});
afterAll(async () => {
  await all[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** What a holder of a key may try against the proxy, or against what it counts. */
describe.each(databaseKinds)("with %s", (kind) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    proxy = await booksProxy(all, upstream, kind);
  });
  beforeEach(() => {
    upstream.instead = undefined;
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  const generate = async (body: object): Promise<string> =>
    (await ask(proxy, "/key/generate", body)).body.key;

  test.each([{}, { max_parallel_requests: 1 }])(
    "a form that asks for a stream is passed on, and gives its place back: %j",
    async (limits) => {
      const key = await generate(limits);
      upstream.instead = (response) => response.writeHead(400).end("{}");
      for (let index = 0; index < 2; index++) {
        const body = new FormData();
        body.set("model", "alias");
        body.set("stream", "true");
        const headers = { authorization: `Bearer ${key}` };
        const response = await fetch(`${proxy.url}/v1/chat/completions`, { method: "POST", headers, body });
        expect(response.status).toBe(400);
        await vi.waitFor(async () => {
          const logs = await ask(proxy, `/spend/logs?api_key=${key}`);
          expect(logs.body).toHaveLength(index + 1);
        });
      }
    },
  );

  test("a stream whose upstream tells no usage costs an estimate", async () => {
    const key = await generate({});
    upstream.instead = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end('data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n');
    };
    const messages = [{ role: "user" as const, content: "Hi" }];
    for await (const _ of await proxy
      .client(key)
      .chat.completions.create({ model: "alias", messages, stream: true }));
    await vi.waitFor(async () => {
      const { body } = await ask(proxy, `/spend/logs?api_key=${key}`);
      expect(body[0]?.spend).toBeGreaterThan(0.02);
    });
  });

  test("a key does not learn of models that it may not ask", async () => {
    const key = await generate({ models: ["other"] });
    const model = (name: string) => ask(proxy, `/v1/models/${name}`, undefined, key);
    expect((await model("other")).status).toBe(200);
    expect((await model("alias")).status).toBe(404);
  });
});
