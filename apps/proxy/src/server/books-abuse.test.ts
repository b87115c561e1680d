import { expect, test, vi } from "vitest";
import { ask } from "../../test/books-proxy.ts";
import { describeBooks } from "../../test/books-suite.ts";

/** What a holder of a key may try against the proxy, or against what it counts. */
describeBooks((books) => {
  const { generate } = books;

  test.each([{}, { max_parallel_requests: 1 }])(
    "a form that asks for a stream is passed on, and gives its place back: %j",
    async (limits) => {
      const key = await generate(limits);
      books.upstream.instead = (response) => response.writeHead(400).end("{}");
      for (let index = 0; index < 2; index++) {
        const body = new FormData();
        body.set("model", "alias");
        body.set("stream", "true");
        const headers = { authorization: `Bearer ${key}` };
        const response = await fetch(`${books.proxy.url}/v1/chat/completions`, {
          method: "POST",
          headers,
          body,
        });
        expect(response.status).toBe(400);
        await vi.waitFor(async () => {
          const logs = await ask(books.proxy, `/spend/logs?api_key=${key}`);
          expect(logs.body).toHaveLength(index + 1);
        });
      }
    },
  );

  test("a stream whose upstream tells no usage costs an estimate", async () => {
    const key = await generate({});
    books.upstream.instead = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end('data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n');
    };
    const messages = [{ role: "user" as const, content: "Hi" }];
    for await (const _ of await books.proxy
      .client(key)
      .chat.completions.create({ model: "alias", messages, stream: true }));
    await vi.waitFor(async () => {
      const { body } = await ask(books.proxy, `/spend/logs?api_key=${key}`);
      expect(body[0]?.spend).toBeGreaterThan(0.02);
    });
  });

  test("a key does not learn of models that it may not ask", async () => {
    const key = await generate({ models: ["other"] });
    const model = (name: string) => ask(books.proxy, `/v1/models/${name}`, undefined, key);
    expect((await model("other")).status).toBe(200);
    expect((await model("alias")).status).toBe(404);
  });
});
