import { calcPrice, type PriceCalculation } from "@pydantic/genai-prices";
import { type NanoDollars, toNano } from "./money.ts";
import type { Usage } from "./usage.ts";

/** A model as far as its price goes. */
export interface PricedModel {
  /** The name that clients ask for. */
  readonly name: string;
  /** As the configuration names it: `openai/gpt-4o`. */
  readonly model: string;
  /** Dollars, from the configuration. They come before every list. */
  readonly inputCostPerToken?: number | undefined;
  readonly outputCostPerToken?: number | undefined;
  /** The model whose price counts, where its name says nothing of it: `azure/gpt-4o`. */
  readonly baseModel?: string | undefined;
}

/** What one answer cost. */
export type Price = (usage: Usage) => NanoDollars;

/**
 * Finds what a model costs: what the configuration says, else the list that comes with genai-prices. `undefined` when
 * neither knows it.
 */
export function findPrice(priced: PricedModel): Price | undefined {
  const { inputCostPerToken: input, outputCostPerToken: output } = priced;
  if (input !== undefined || output !== undefined) return flat(input ?? 0, input ?? 0, output ?? 0);
  const found = lookUp(priced);
  return found && (simple(found) ?? listed(found));
}

/** What the list knows of a model, under LiteLLM's names; dollars, at this hour and for a short prompt. */
export interface ListedFigures {
  readonly input_cost_per_token?: number;
  readonly output_cost_per_token?: number;
  readonly max_input_tokens?: number;
}

export function listedFigures(priced: Pick<PricedModel, "model" | "baseModel">): ListedFigures {
  const found = lookUp(priced);
  if (found === undefined) return {};
  const { input_mtok: input, output_mtok: output } = found.model_price;
  const { context_window: window } = found.model;
  return {
    ...(input === undefined ? {} : { input_cost_per_token: perToken(input) }),
    ...(output === undefined ? {} : { output_cost_per_token: perToken(output) }),
    ...(window === undefined ? {} : { max_input_tokens: window }),
  };
}

function perToken(price: number | { readonly base: number }): number {
  return (typeof price === "number" ? price : price.base) / 1e6;
}

function lookUp({ model, baseModel }: Pick<PricedModel, "model" | "baseModel">) {
  const name = baseModel ?? model;
  const slash = name.indexOf("/");
  const providerId = slash === -1 ? "openai" : name.slice(0, slash);
  return calcPrice(probe, name.slice(slash + 1), { providerId }) ?? undefined;
}

/** Without the list's own arithmetic, for prices that are the same at any hour and length: some 30 µs less each. */
function simple({ model, model_price: price }: PriceCalculation): Price | undefined {
  const { input_mtok: input, output_mtok: output = 0, cache_read_mtok: cached = input } = price;
  if (Array.isArray(model.prices)) return undefined;
  if (typeof input !== "number" || typeof output !== "number" || typeof cached !== "number") return undefined;
  return flat(input / 1e6, cached / 1e6, output / 1e6);
}

/** With the list's own arithmetic, which knows steps by length and hours of the day. */
function listed({ provider, model }: PriceCalculation): Price {
  const narrowed = { ...provider, models: [model] };
  return (usage) => {
    const counted = {
      input_tokens: usage.promptTokens,
      output_tokens: usage.completionTokens,
      cache_read_tokens: usage.cachedTokens,
    };
    return toNano(calcPrice(counted, model.id, { provider: narrowed })?.total_price ?? 0);
  };
}

function flat(input: number, cached: number, output: number): Price {
  return ({ promptTokens, cachedTokens, completionTokens }) =>
    toNano((promptTokens - cachedTokens) * input + cachedTokens * cached + completionTokens * output);
}

const probe = { input_tokens: 1, output_tokens: 1 };
