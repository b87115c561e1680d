import OpenAI from "openai";
import { expect, test, vi } from "vitest";
import { ask } from "../../test/books-proxy.ts";
import { describeBooks, messages, tokenOf } from "../../test/books-suite.ts";

describeBooks((books) => {
  const { generate, call } = books;

  async function spendOf(key: string): Promise<number> {
    return (await ask(books.proxy, `/key/info?key=${key}`)).body.info.spend;
  }

  test("spend is the upstream's usage at the model's price, for streams as well", async () => {
    const key = await generate();
    await call(key);
    const client = books.proxy.client(key);
    const words: unknown[] = [];
    const stream = await client.chat.completions.create({ model: "alias", messages, stream: true });
    for await (const chunk of stream) words.push(chunk.choices[0]?.delta.content);
    expect(words).toEqual(["Hel", "lo ", "🌍"]);
    expect(books.upstream.requests.at(-1)?.body).toMatchObject({
      stream_options: { include_usage: true },
      model: "gpt-4o",
    });
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const seen: unknown[] = [];
    for await (const { usage } of await client.chat.completions.create({
      model: "alias",
      messages,
      ...options,
    }))
      seen.push(usage);
    expect(seen.at(-1)).toMatchObject({ prompt_tokens: 5, completion_tokens: 3 });
    await client.embeddings.create({ model: "alias", input: "x" });
    const expected = 0.021 + 2 * 0.035 + 0.001;
    await vi.waitFor(async () => expect(await spendOf(key)).toBeCloseTo(expected, 9));
    const logs = (await ask(books.proxy, `/spend/logs?api_key=${key}`)).body;
    expect(logs).toHaveLength(4);
    expect(logs[0]).toMatchObject({
      call_type: "/embeddings",
      prompt_tokens: 1,
      spend: 0.001,
      status: "success",
    });
    const one = await ask(books.proxy, `/spend/logs?request_id=${logs[1].request_id}`);
    expect(one.body).toMatchObject([{ api_key: tokenOf(key), total_tokens: 8, model: "alias" }]);
    const today = new Date().toISOString().slice(0, 10);
    const days = await ask(books.proxy, `/spend/logs?api_key=${key}&start_date=${today}&end_date=${today}`);
    expect(days.body).toMatchObject([{ startTime: today, models: { alias: expect.closeTo(expected, 9) } }]);
    const [most] = (await ask(books.proxy, "/spend/keys?limit=1")).body;
    expect(most.spend).toBeGreaterThan(expected - 1e-9);
  });

  test("an upstream's refusal costs nothing; a stream that its client leaves costs an estimate", async () => {
    const key = await generate();
    books.upstream.instead = (response) => {
      response
        .writeHead(400, { "content-type": "application/json" })
        .end('{"error":{"message":"no"},"usage":{"prompt_tokens":9}}');
    };
    expect((await call(key)).status).toBe(400);
    books.upstream.instead = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n');
    };
    for await (const _ of await books.proxy
      .client(key)
      .chat.completions.create({ model: "alias", messages, stream: true }))
      break;
    await vi.waitFor(async () =>
      expect((await ask(books.proxy, `/spend/logs?api_key=${key}`)).body).toHaveLength(2),
    );
    const [cancelled, refused] = (await ask(books.proxy, `/spend/logs?api_key=${key}`)).body;
    expect(refused).toMatchObject({ status: "failure", spend: 0, total_tokens: 0 });
    expect(cancelled).toMatchObject({ status: "cancelled", completion_tokens: 1 });
    expect(cancelled.prompt_tokens).toBeGreaterThan(10);
  });

  test("a key that has spent its budget is refused until it is raised", async () => {
    const key = await generate({ max_budget: 0.02, budget_duration: "1h" });
    expect((await call(key)).status).toBe(200);
    const refused = await call(key);
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: "budget_exceeded", type: "insufficient_quota" } },
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3500);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    await ask(books.proxy, "/key/update", { key, max_budget: 1 });
    expect((await call(key)).status).toBe(200);
  });

  test("a new period begins with nothing spent", async () => {
    const key = await generate({ max_budget: 0.02, budget_duration: "1s" });
    expect((await call(key)).status).toBe(200);
    await vi.waitFor(async () => expect(await spendOf(key)).toBeGreaterThan(0));
    await vi.waitFor(async () => expect((await call(key)).status).toBe(200), 3000);
  });

  test("requests and tokens a minute, and requests at a time, are limited", async () => {
    const requests = await generate({ rpm_limit: 2 });
    const statuses = await Promise.all([call(requests), call(requests), call(requests)]);
    expect(statuses.map(({ status }) => status).toSorted()).toEqual([200, 200, 429]);
    const refused = await books.proxy
      .client(requests)
      .chat.completions.create({ model: "alias", messages })
      .catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
    const after = refused instanceof OpenAI.APIError ? Number(refused.headers?.get("retry-after")) : 0;
    expect(after).toBeGreaterThan(50);
    const tokens = await generate({ tpm_limit: 3 });
    expect((await call(tokens)).status).toBe(200);
    await vi.waitFor(async () => expect((await call(tokens)).body.error?.code).toBe("rate_limit_exceeded"));
    const parallel = await generate({ max_parallel_requests: 1 });
    const { promise: reached, resolve } = Promise.withResolvers<() => void>();
    books.upstream.instead = (response) => {
      books.upstream.instead = undefined;
      resolve(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
    };
    const first = call(parallel);
    const finish = await reached;
    expect((await call(parallel)).body.error).toMatchObject({ code: "rate_limit_exceeded" });
    finish();
    expect((await first).status).toBe(200);
    await vi.waitFor(async () => expect((await call(parallel)).status).toBe(200));
  });
});
