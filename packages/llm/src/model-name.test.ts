import { expect, test } from "vitest";
import { parseModelName } from "./model-name.ts";
import { providerTable } from "./provider-table.ts";

test.each([
  ["gpt-4o", "openai", "gpt-4o"],
  ["openai/gpt-4o", "openai", "gpt-4o"],
  ["openai/meta-llama/Llama-3", "openai", "meta-llama/Llama-3"],
  ["claude-opus-4", "anthropic", "claude-opus-4"],
  ["vertex_ai/gemini-2.5-pro", "vertex_ai", "google/gemini-2.5-pro"],
  ["vertex_ai/meta/llama-4", "vertex_ai", "meta/llama-4"],
  ["azure/<your-deployment-name>", "azure", "<your-deployment-name>"],
])("%s is %s's %s", (text, provider, model) => {
  expect(parseModelName(text, providerTable)).toMatchObject({ provider, model });
});

test.each(["", "openai/", "nobody/model", "constructor/x", "__proto__/x"])("%j names no provider", (text) => {
  expect(parseModelName(text, providerTable)).toBeUndefined();
});
