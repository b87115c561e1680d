/** What an upstream says that it counted. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Those of the prompt that it read from its cache, which cost less. */
  readonly cachedTokens: number;
}

type Fields = { readonly [key: string]: unknown };

/**
 * Reads usage as OpenAI writes it (`prompt_tokens`, `completion_tokens`), as its newer endpoints do (`input_tokens`,
 * `output_tokens`) or as Anthropic does, which leaves out of its input what its cache has to do with. `undefined`
 * when it is none of them.
 *
 * @param before what was said earlier in the same answer: what is not said again still holds
 */
export function readUsage(value: unknown, before?: Usage): Usage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const usage: Fields = { ...value };
  const prompt = count(usage.prompt_tokens) ?? readInput(usage);
  const completion = count(usage.completion_tokens ?? usage.output_tokens);
  if (prompt === undefined && completion === undefined) return undefined;
  const promptTokens = prompt ?? before?.promptTokens ?? 0;
  const cached = prompt === undefined ? before?.cachedTokens : readCached(usage);
  return {
    promptTokens,
    completionTokens: completion ?? before?.completionTokens ?? 0,
    cachedTokens: Math.min(cached ?? 0, promptTokens),
  };
}

function readInput(usage: Fields): number | undefined {
  const input = count(usage.input_tokens);
  if (input === undefined) return undefined;
  const cached = count(usage.cache_read_input_tokens) ?? 0;
  return input + cached + (count(usage.cache_creation_input_tokens) ?? 0);
}

function readCached(usage: Fields): number | undefined {
  const details = usage.prompt_tokens_details ?? usage.input_tokens_details;
  if (typeof details === "object" && details !== null && "cached_tokens" in details)
    return count(details.cached_tokens);
  return count(usage.cache_read_input_tokens);
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
