import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { toNano } from "./money.ts";
import { findPrice, listedFigures } from "./prices.ts";
import { readUsage } from "./usage.ts";

const usage = { promptTokens: 1000, completionTokens: 100, cachedTokens: 200 };

test.each([
  "openai/gpt-4o",
  "gpt-4o-mini",
  "azure/gpt-4o",
  "gemini/gemini-2.5-pro",
  "deepseek/deepseek-chat",
])("%s costs what the list says", (model) => {
  const [providerId = "", name = ""] = model.includes("/") ? model.split("/") : ["openai", model];
  const counted = { input_tokens: 1000, output_tokens: 100, cache_read_tokens: 200 };
  const expected = calcPrice(counted, name, { providerId })?.total_price ?? 0;
  expect(expected).toBeGreaterThan(0);
  expect(findPrice({ name: "alias", model })?.(usage)).toBe(toNano(expected));
});

test("a long prompt costs what it costs beyond the step", () => {
  const price = findPrice({ name: "alias", model: "gemini/gemini-2.5-pro" });
  const short = price?.({ promptTokens: 100_000, completionTokens: 0, cachedTokens: 0 }) ?? 0;
  expect(price?.({ promptTokens: 300_000, completionTokens: 0, cachedTokens: 0 })).toBeGreaterThan(short * 3);
});

test("the configuration's price comes first, and the base model before the deployment's name", () => {
  const costs = { inputCostPerToken: 1e-6, outputCostPerToken: 2e-6 };
  const own = findPrice({ name: "a", model: "openai/gpt-4o", ...costs });
  expect(own?.(usage)).toBe(1000 * 1000 + 100 * 2000);
  const based = findPrice({ name: "a", model: "azure/my-deployment", baseModel: "azure/gpt-4o" });
  expect(based?.(usage)).toBe(findPrice({ name: "a", model: "azure/gpt-4o" })?.(usage));
});

test("a model that nobody lists has no price", () => {
  expect(findPrice({ name: "a", model: "openai/nobody-knows" })).toBeUndefined();
  expect(findPrice({ name: "a", model: "nobody/knows" })).toBeUndefined();
});

test("usage is read in both spellings, and nothing else is", () => {
  expect(readUsage({ prompt_tokens: 3, total_tokens: 3 })).toEqual({
    promptTokens: 3,
    completionTokens: 0,
    cachedTokens: 0,
  });
  const newer = { input_tokens: 3, output_tokens: 4, input_tokens_details: { cached_tokens: 9 } };
  expect(readUsage(newer)).toEqual({ promptTokens: 3, completionTokens: 4, cachedTokens: 3 });
  const anthropic = {
    input_tokens: 3,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 7,
    output_tokens: 1,
  };
  const begun = readUsage(anthropic);
  expect(begun).toEqual({ promptTokens: 15, completionTokens: 1, cachedTokens: 5 });
  expect(readUsage({ output_tokens: 9 }, begun)).toEqual({ ...begun, completionTokens: 9 });
  for (const other of [
    null,
    1,
    "x",
    {},
    { prompt_tokens: -1 },
    { prompt_tokens: "1" },
    { prompt_tokens: 1.5 },
  ])
    expect(readUsage(other)).toBeUndefined();
});

test("what the list knows of a model is told under LiteLLM's names", () => {
  expect(listedFigures({ model: "azure/mine", baseModel: "openai/gpt-4o" })).toEqual({
    input_cost_per_token: 2.5e-6,
    output_cost_per_token: 1e-5,
    max_input_tokens: 128_000,
  });
  const stepped = listedFigures({ model: "gemini/gemini-2.5-pro" });
  expect(stepped.input_cost_per_token).toBeGreaterThan(0);
  expect(stepped.output_cost_per_token).toBeGreaterThan(stepped.input_cost_per_token ?? 0);
  expect(listedFigures({ model: "nobody/knows" })).toEqual({});
});
