import { afterEach, describe, expect, test } from "vitest";
import { at, busy, closeAll, good, limited, setUp, upstream, wrong } from "../../test/routed-engine.ts";
import { createEngine, type RouterSettings } from "../index.ts";

afterEach(closeAll);

describe("fallbacks", () => {
  test("asks the next model when all of one fail, and each with its own name for it", async () => {
    const first = await upstream(busy);
    const second = await upstream(good);
    const { ask, events } = setUp([at("m", first), at("n", second)], {
      numRetries: 0,
      fallbacks: { m: ["n"] },
    });
    expect((await ask()).text).toBe(good.body);
    expect(events.at(-1)).toMatchObject({ type: "fell_back", to: "n", status: 503 });
  });

  test("goes on along a fallback's own fallbacks, never in a circle, and tells of the first fault", async () => {
    const first = await upstream(busy);
    const second = await upstream(wrong);
    const { ask } = setUp([at("m", first), at("n", second)], {
      numRetries: 0,
      fallbacks: { m: ["n"], n: ["m"] },
    });
    expect(await ask()).toMatchObject({ status: 503, text: busy.body });
    expect([first.calls(), second.calls()]).toEqual([1, 1]);
  });

  test("asks no more of them than maxFallbacks", async () => {
    const bad = await upstream(busy);
    const models = ["m", "a", "b", "c"].map((name) => at(name, bad));
    const { ask } = setUp(models, { numRetries: 0, maxFallbacks: 2, fallbacks: { m: ["a", "b", "c"] } });
    await ask();
    expect(bad.calls()).toBe(3);
  });

  test.each([
    ["OpenAI", '{"error":{"code":"context_length_exceeded","message":"x"}}'],
    [
      "Anthropic",
      '{"type":"error","error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
    ],
    [
      "Gemini",
      '{"error":{"message":"The input token count (2000000) exceeds the maximum number of tokens"}}',
    ],
    ["vLLM", '{"message":"This model\'s maximum context length is 4096 tokens."}'],
  ])("an input too long for %s goes to contextWindowFallbacks", async (_, body) => {
    const short = await upstream({ status: 400, body });
    const long = await upstream(good);
    const other = await upstream(busy);
    const { ask } = setUp([at("m", short), at("long", long), at("other", other)], {
      contextWindowFallbacks: { m: ["long"] },
      fallbacks: { m: ["other"] },
    });
    expect((await ask()).status).toBe(200);
    expect(other.calls()).toBe(0);
  });

  test.each([
    ["OpenAI", '{"error":{"code":"content_policy_violation"}}'],
    ["Azure", '{"error":{"code":"content_filter","message":"... content management policy"}}'],
  ])("what %s refuses for its content goes to contentPolicyFallbacks", async (_, body) => {
    const strict = await upstream({ status: 400, body });
    const { ask } = setUp([at("m", strict), at("lax", await upstream(good))], {
      contentPolicyFallbacks: { m: ["lax"] },
    });
    expect((await ask()).status).toBe(200);
  });

  test("defaultFallbacks are for models without their own", async () => {
    const bad = await upstream(busy);
    const models = [
      at("m", bad),
      at("n", bad),
      at("own", await upstream(wrong)),
      at("any", await upstream(good)),
    ];
    const { ask } = setUp(models, { numRetries: 0, fallbacks: { n: ["own"] }, defaultFallbacks: ["any"] });
    expect((await ask("m")).status).toBe(200);
    expect((await ask("n")).status).toBe(200); // own fails, and has the default in turn
    expect(bad.calls()).toBe(2);
  });

  test("a model whose deployments are all left alone goes to its fallbacks at once", async () => {
    const first = await upstream(limited);
    const second = await upstream(good);
    const models = [at("m", first), at("n", second)];
    const { ask } = setUp(models, { numRetries: 0, allowedFails: 0, fallbacks: { m: ["n"] } });
    await ask();
    expect((await ask()).status).toBe(200);
    expect(first.calls()).toBe(1);
  });
});

describe("names", () => {
  test("an alias is another name of a model; a hidden one is not listed", async () => {
    const { ask, engine } = setUp([at("m", await upstream(good))], {
      modelGroupAlias: { a: "m", secret: { model: "m", hidden: true } },
    });
    expect(engine.models).toEqual(["m", "a"]);
    expect((await ask("a")).status).toBe(200);
    expect((await ask("secret")).status).toBe(200);
  });

  test.each<[string, RouterSettings]>([
    ['fallbacks["m"]', { fallbacks: { m: ["gone"] } }],
    ['contextWindowFallbacks["m"]', { contextWindowFallbacks: { m: ["gone"] } }],
    ['contentPolicyFallbacks["m"]', { contentPolicyFallbacks: { m: ["gone"] } }],
    ["defaultFallbacks", { defaultFallbacks: ["gone"] }],
    ['modelGroupAlias["a"]', { modelGroupAlias: { a: "gone" } }],
  ])("%s that names no model is refused at once", (place, settings) => {
    const models = [{ name: "m", model: "x", mockResponse: "" }];
    expect(() => createEngine({ models, settings, redact: String })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: place }),
    );
  });
});
