import type { ProviderRow, ProviderTable } from "./provider-row.ts";

export interface ModelName {
  /** The row's name: `azure`. */
  readonly provider: string;
  readonly row: ProviderRow;
  /** The name that the provider knows: `my-deployment`. */
  readonly model: string;
}

/**
 * Reads a model string as LiteLLM writes it: `gpt-4o` is OpenAI's, `azure/my-deployment` names its provider.
 * `undefined` when the table has no such provider, or nothing is left for the model.
 */
export function parseModelName(text: string, table: ProviderTable): ModelName | undefined {
  const slash = text.indexOf("/");
  const provider = slash === -1 ? "openai" : text.slice(0, slash);
  const model = text.slice(slash + 1);
  const row = Object.hasOwn(table, provider) ? table[provider] : undefined;
  return row === undefined || model === "" ? undefined : { provider, row, model };
}
