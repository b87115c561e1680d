import { isReference } from "@keyward/core";
import { parseModelName, providerTable } from "@keyward/llm";
import type { Plain } from "./config-document.ts";
import type { ConfigNotes } from "./config-notes.ts";
import { apiKeyPath } from "./literals.ts";
import { formatPath } from "./path.ts";
import type { Configuration } from "./sections.ts";

type Data = { readonly [key: string]: Plain };

/** What a configuration means without saying it. */
export interface Implied {
  /** The configuration with the references that it implies written out. */
  readonly data: Data;
  /** Where such a reference now stands, and what to say when it cannot be resolved. */
  readonly reasons: ReadonlyMap<string, string>;
}

/**
 * Writes out what is implied: where a model's key and base come from when nothing is said, and where a reference
 * leads that goes through `environment_variables`.
 */
export function writeImplied(data: Data, read: Configuration, notes: ConfigNotes): Implied {
  const variables = read.environment_variables ?? new Map<string, string>();
  const written = follow(data, variables);
  const reasons = new Map<string, string>();
  for (const [index, model] of (read.model_list ?? []).entries()) {
    const params = model.litellm_params ?? {};
    const name = parseModelName(params.model ?? "", providerTable);
    const target = paramsAt(written, index);
    if (name === undefined || target === undefined || params.mock_response !== undefined) continue;
    const { provider, row } = name;
    const imply = (key: string, secret: string): void => {
      target[key] = `os.environ/${secret}`;
      const path = formatPath(["model_list", index, "litellm_params", key]);
      reasons.set(path, `without "${key}" a model of ${provider} takes ${secret}, but `);
    };
    // What is written and no text has been told: nothing else may stand in for it.
    const absent = (key: string): boolean => target[key] === undefined || target[key] === null;
    if (absent("api_base") && row.base === undefined && row.baseName !== undefined) {
      imply("api_base", row.baseName);
    }
    if (!absent("api_key") || row.keyName === undefined) continue;
    if (absent("api_base") || row.base === undefined) imply("api_key", row.keyName);
    else notes.warn(apiKeyPath(index), foreignBase(row.keyName));
  }
  return { data: written, reasons };
}

// Nobody said that the key for one host may go to another.
function foreignBase(keyName: string): string {
  return `no key is sent to this api_base: add "api_key: os.environ/${keyName}" if it wants that one`;
}

function paramsAt(data: Data, index: number): { [key: string]: Plain } | undefined {
  const models = data.model_list;
  const model = Array.isArray(models) ? models[index] : undefined;
  const params = isMapping(model) ? model.litellm_params : undefined;
  return isMapping(params) ? params : undefined;
}

function isMapping(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy in which every reference to one of the variables is the one that the variable holds. */
function follow<T extends Plain | Data>(value: T, variables: ReadonlyMap<string, string>): T;
function follow(value: Plain | Data, variables: ReadonlyMap<string, string>): Plain | Data {
  if (typeof value === "string") return isReference(value) ? destination(value, variables) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => follow(item, variables));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, follow(item, variables)]));
}

function destination(reference: string, variables: ReadonlyMap<string, string>): string {
  const prefix = "os.environ/";
  const seen = new Set<string>();
  let current = reference;
  while (!seen.has(current) && current.startsWith(prefix)) {
    seen.add(current);
    const next = variables.get(current.slice(prefix.length));
    if (next === undefined || !isReference(next)) return current;
    current = next;
  }
  return current;
}
