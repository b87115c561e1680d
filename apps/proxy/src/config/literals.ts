import { isReference } from "@keyward/core";
import { formatPath, type Path } from "./path.ts";
import type { Configuration } from "./sections.ts";

/**
 * Values that a configuration holds itself: its `environment_variables` under their names, its keys under their
 * paths. They are served as a store is, so that they are masked in logs as other secrets are.
 */
export function literalSecrets(configuration: Configuration): Record<string, string> {
  const literals: [string, string][] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !isReference(value)) literals.push([name, value]);
  };
  add(masterKeyPath, configuration.general_settings?.master_key);
  add(databaseUrlPath, configuration.general_settings?.database_url);
  add(redisUrlPath, configuration.router_settings?.redis_url);
  add(redisPasswordPath, configuration.router_settings?.redis_password);
  for (const [index, model] of (configuration.model_list ?? []).entries()) {
    add(apiKeyPath(index), model.litellm_params?.api_key);
  }
  return { ...literalVariables(configuration), ...Object.fromEntries(literals) };
}

/** Its `environment_variables`, less those that refer to others. */
export function literalVariables({ environment_variables }: Configuration): Record<string, string> {
  const variables = [...(environment_variables ?? [])];
  return Object.fromEntries(variables.filter(([, value]) => !isReference(value)));
}

/** Where one of {@link literalSecrets} stands. */
export function placeOfLiteral(name: string, configuration: Configuration): Path | string | undefined {
  if (Object.hasOwn(literalVariables(configuration), name)) return ["environment_variables", name];
  return Object.hasOwn(literalSecrets(configuration), name) ? name : undefined;
}

/** The id of what a configuration holds itself, beside its stores. */
export const configId = "config";

/** Reads a value that stands in the configuration, and asks no store for it. */
export function literalReference(name: string): string {
  return `secret://${configId}/${encodeURIComponent(name)}`;
}

export const masterKeyPath = "general_settings.master_key";
export const databaseUrlPath = "general_settings.database_url";
const redisUrlPath = "router_settings.redis_url";
const redisPasswordPath = "router_settings.redis_password";

export function apiKeyPath(index: number): string {
  return formatPath(["model_list", index, "litellm_params", "api_key"]);
}
