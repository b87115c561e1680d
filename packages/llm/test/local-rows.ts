import { type ProviderTable, providerTable } from "../src/index.ts";

/** OpenAI's row, at another address. */
export function openAiAt(url: string): ProviderTable {
  const { openai } = providerTable;
  if (openai === undefined) throw new Error("the table has no openai");
  return { openai: { ...openai, base: `${url}/v1` } };
}
