import type { ServerResponse } from "node:http";
import { LlmError } from "@keyward/llm";
import type { listedFigures } from "../books/prices/prices.ts";
import type { ModelEntry } from "../config/sections.ts";
import { sendJson } from "./answers.ts";
import type { EndpointContext } from "./endpoint.ts";
import type { Snapshot } from "./snapshot.ts";

/** A model as OpenAI lists it. */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  /** Seconds since 1970. */
  readonly created: number;
  readonly owned_by: string;
}

export function listModels(names: readonly string[]): readonly ListedModel[] {
  const created = Math.floor(Date.now() / 1000);
  return names.map((id) => ({ id, object: "model", created, owned_by: "keyward" }));
}

/** All of them, or those that a virtual key may ask for. */
export function sendModels(response: ServerResponse, { snapshot: { models }, guest }: EndpointContext): void {
  const allowed = guest?.models;
  const data = allowed === undefined ? models : models.filter(({ id }) => allowed.has(id));
  sendJson(response, 200, { object: "list", data });
}

/** To a virtual key, a model that it may not ask for is not there. */
export function sendModel(
  response: ServerResponse,
  { snapshot: { models }, guest }: EndpointContext,
  id = "",
): void {
  const allowed = guest?.models?.has(id) ?? true;
  const model = allowed ? models.find((known) => known.id === id) : undefined;
  if (model !== undefined) {
    sendJson(response, 200, model);
    return;
  }
  const message = `The model "${id.slice(0, 200)}" is not configured: GET /v1/models lists those that are`;
  const error = new LlmError({ code: "model_not_found", message, param: "model", model: id });
  sendJson(response, error.status, error.toBody());
}

/**
 * The entries of the configuration as LiteLLM shows them. As they are written: references stay references, and what
 * `api_key` says is left out, for it may be the key itself. What the configuration does not say of costs and limits,
 * the list of prices does.
 */
export async function sendModelInfo(response: ServerResponse, { entries }: Snapshot): Promise<void> {
  const { listedFigures } = await import("../books/prices/prices.ts");
  sendJson(response, 200, { data: entries.map((entry) => describe(entry, listedFigures)) });
}

function describe(
  { model_name, litellm_params = {}, model_info }: ModelEntry,
  figuresOf: typeof listedFigures,
): object {
  const { api_key: _, ...params } = litellm_params;
  const info = typeof model_info === "object" && !Array.isArray(model_info) ? model_info : {};
  const baseModel = typeof info?.base_model === "string" ? info.base_model : undefined;
  const { model } = params;
  const listed = model === undefined ? {} : figuresOf({ model, baseModel });
  const { max_input_tokens } = listed;
  const costs = { ...pickCosts(params), ...pickCosts(info ?? {}) };
  // As for spend: one cost in the configuration takes the place of both in the list.
  const figures = Object.keys(costs).length > 0 ? { max_input_tokens, ...costs } : listed;
  return { model_name, litellm_params: params, model_info: { ...figures, ...info, db_model: false } };
}

function pickCosts(from: { readonly [key: string]: unknown }): object {
  const costs = ["input_cost_per_token", "output_cost_per_token"].map((key) => [key, from[key]]);
  return Object.fromEntries(costs.filter(([, cost]) => typeof cost === "number"));
}
