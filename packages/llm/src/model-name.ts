import type { ProviderRow, ProviderTable } from "./provider-row.ts";

export interface ModelName {
  /** The row's name: `azure`. */
  readonly provider: string;
  readonly row: ProviderRow;
  /** The name that the provider knows: `my-deployment`. */
  readonly model: string;
}

/**
 * Reads a model string as LiteLLM writes it: `azure/my-deployment` names its provider; `claude-...` is Anthropic's by
 * its name, and any other without a slash, as `gpt-4o`, is OpenAI's.
 * `undefined` when the table has no such provider, or nothing is left for the model.
 */
export function parseModelName(text: string, table: ProviderTable): ModelName | undefined {
  const slash = text.indexOf("/");
  const provider = slash === -1 ? ownerOf(text, table) : text.slice(0, slash);
  const name = text.slice(slash + 1);
  const row = Object.hasOwn(table, provider) ? table[provider] : undefined;
  if (row === undefined || name === "") return undefined;
  const model = row.modelPrefix === undefined || name.includes("/") ? name : row.modelPrefix + name;
  return { provider, row, model };
}

function ownerOf(model: string, table: ProviderTable): string {
  const owner = Object.entries(table).find(([, { bareModels }]) =>
    bareModels?.some((beginning) => model.startsWith(beginning)),
  );
  return owner?.[0] ?? "openai";
}
