import { homedir } from "node:os";
import { join } from "node:path";
import { isReference, type Secrets } from "@keyward/core";
import type { BooksConfig } from "../books/books.ts";
import type { DatabasePlace } from "../books/database/books-database.ts";
import type { PricedModel } from "../books/prices/prices.ts";
import type { Plain } from "./config-document.ts";
import type { ConfigNotes } from "./config-notes.ts";
import { databaseUrlPath } from "./literals.ts";
import { cost, type Notes } from "./reader.ts";
import type { Configuration, ModelEntry } from "./sections.ts";

/**
 * Where the books are kept, and what models cost.
 *
 * @param resolved the configuration with every reference replaced
 * @param written the configuration as it was written: a URL that refers to a secret is read anew for new connections
 */
export function readBooks(
  resolved: Configuration,
  written: Configuration,
  secrets: Secrets,
  notes: ConfigNotes,
): BooksConfig {
  return {
    place: readPlace(resolved, written, secrets, notes),
    redisUrl: () => redisUrl(resolved, secrets),
    models: (resolved.model_list ?? []).flatMap((entry, index) => priced(entry, index, notes)),
  };
}

function readPlace(
  { general_settings: general = {} }: Configuration,
  written: Configuration,
  secrets: Secrets,
  notes: Notes,
): DatabasePlace {
  const { database_url: url, data_folder: folder = defaultFolder() } = general;
  if (url === undefined || isReference(url)) return { kind: "sqlite", file: join(folder, "books.db") };
  if (!/^postgres(ql)?:\/\/./.test(url)) {
    notes.error(
      ["general_settings", "database_url"],
      '"database_url" must be the URL of a PostgreSQL: postgresql://user:password@host:5432/name. ' +
        "Leave it out to keep the books in a file in data_folder",
    );
  }
  const reference = written.general_settings?.database_url ?? "";
  return { kind: "postgres", url: secrets.getter(isReference(reference) ? reference : databaseUrlPath) };
}

/** Where the operating system wants programs to keep what they make. */
function defaultFolder(): string {
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "keyward");
}

async function redisUrl(
  { router_settings: router = {} }: Configuration,
  secrets: Secrets,
): Promise<string | undefined> {
  if (router.redis_url !== undefined) return router.redis_url;
  if (router.redis_host === undefined) return secrets.find("REDIS_URL");
  const url = new URL(`redis://${router.redis_host}:${router.redis_port ?? 6379}`);
  // Otherwise a "%" in it would be read as the beginning of an escape.
  url.password = encodeURIComponent(router.redis_password ?? "");
  return url.href;
}

function priced(entry: ModelEntry, index: number, notes: Notes): PricedModel[] {
  const { model_name: name, litellm_params: params = {}, model_info: info } = entry;
  if (name === undefined || params.model === undefined) return [];
  const path = ["model_list", index, "model_info"];
  const known = isMapping(info) ? info : {};
  const costOf = (key: "input_cost_per_token" | "output_cost_per_token"): number | undefined =>
    known[key] === undefined ? params[key] : cost(known[key], [...path, key], notes);
  return [
    {
      name,
      model: params.model,
      inputCostPerToken: costOf("input_cost_per_token"),
      outputCostPerToken: costOf("output_cost_per_token"),
      baseModel: typeof known.base_model === "string" ? known.base_model : undefined,
    },
  ];
}

function isMapping(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
