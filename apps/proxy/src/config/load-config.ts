import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isSecretError, type SecretEvent, type SecretProvider, type Secrets } from "@keyward/core";
import type { ModelOptions, RouterSettings } from "@keyward/llm";
import type { BooksConfig } from "../books/books.ts";
import type { DotenvOptions } from "../compose.ts";
import { UserError } from "../user-error.ts";
import { readBooks } from "./books.ts";
import { Collisions } from "./collisions.ts";
import { type ConfigDocument, parseConfig } from "./config-document.ts";
import { ConfigNotes, noNotes } from "./config-notes.ts";
import { type Implied, writeImplied } from "./implied.ts";
import { masterKeyPath } from "./literals.ts";
import { readModels } from "./models.ts";
import { openSecrets } from "./open-secrets.ts";
import { ConfigError, type Problem } from "./problem.ts";
import { type FoundReference, findReferences } from "./references.ts";
import { readRouting } from "./routing.ts";
import { configuration, type ModelEntry } from "./sections.ts";
import { wantedStores } from "./stores.ts";

export interface LoadOptions {
  /** The file, as it is shown in messages. */
  readonly file: string;
  /** Where `.env` files are, and what the environment is. Default: the working directory, and that of the process. */
  readonly dotenv?: DotenvOptions | undefined;
  /** Asked instead of these files and the environment, where the configuration names no store. */
  readonly defaultStore?: SecretProvider | undefined;
  /** Told what happens to secrets; it hears no value. */
  readonly onSecretEvent?: ((event: SecretEvent) => void) | undefined;
}

/** A configuration that can be served: every reference in it has been read once. */
export interface LoadedConfig {
  readonly file: string;
  /** What stood in the file. */
  readonly text: string;
  readonly models: readonly ModelOptions[];
  /** How calls find their way among them. */
  readonly routing: RouterSettings;
  /** The entries of `model_list` as they are written: references are still references. */
  readonly entries: readonly ModelEntry[];
  /** Its value; compared, never shown. Absent when everybody may ask. */
  readonly masterKey: string | undefined;
  /** What the file says in its place: a reference, or the key itself. */
  readonly masterKeyWritten: string | undefined;
  readonly maxBodyBytes: number;
  /** How many calls of models may be under way at once. Absent when any number may. */
  readonly maxParallelCalls: number | undefined;
  /** Its `environment_variables`, with their references replaced. */
  readonly environmentVariables: ReadonlyMap<string, string>;
  /** Virtual keys, limits and spend. */
  readonly books: BooksConfig;
  /** Every reference that was resolved, with its path. */
  readonly references: readonly FoundReference[];
  /** The caller's to close. */
  readonly secrets: Secrets;
  readonly warnings: readonly Problem[];
}

/** Room for a request with several pictures in it. */
const defaultMegabytes = 50;

/**
 * Reads, resolves and checks a configuration.
 * @throws ConfigError with every mistake in it at once
 * @throws UserError when there is no such file
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { file, dotenv = {}, defaultStore, onSecretEvent } = options;
  const text = await readConfigFile(file);
  const document = parseConfig(text);
  const notes = new ConfigNotes(document);
  const implied = writeImplied(document.data, configuration(document.data, [], noNotes) ?? {}, notes);
  const written = configuration(implied.data, [], noNotes) ?? {};
  noteReferencesToStores(implied.data, notes);
  const wanted = wantedStores(written, dirname(resolve(file)), notes, defaultStore);
  const collisions = new Collisions();
  const onEvent = (event: SecretEvent): void => {
    collisions.hear(event);
    onSecretEvent?.(event);
  };
  const secrets = wanted && (await openSecrets({ file, written, wanted, dotenv, notes, onEvent }));
  if (secrets === undefined) {
    configuration(implied.data, [], notes);
    throw new ConfigError(file, notes.problems);
  }
  try {
    const data = await resolveAll(implied, secrets, notes);
    const read = configuration(data, [], notes) ?? {};
    const models = readModels(read.model_list ?? [], written.model_list ?? [], secrets, notes);
    const books = readBooks(read, written, secrets, notes);
    const routing = readRouting(read, secrets, notes);
    const masterKey = read.general_settings?.master_key;
    if (masterKey !== undefined && !/^[\x21-\x7e]+$/.test(masterKey)) {
      notes.error(
        masterKeyPath,
        '"master_key" must be letters, digits and signs, without spaces, and not empty',
      );
    }
    const references = findReferences(withoutStores(implied.data));
    collisions.note(file, references, document, notes);
    if (notes.failed) throw new ConfigError(file, notes.problems);
    return {
      file,
      text,
      models,
      routing,
      entries: written.model_list ?? [],
      masterKey,
      masterKeyWritten: written.general_settings?.master_key,
      maxBodyBytes: (read.general_settings?.max_request_size_mb ?? defaultMegabytes) * 1024 * 1024,
      maxParallelCalls: read.general_settings?.global_max_parallel_requests,
      environmentVariables: read.environment_variables ?? new Map(),
      books,
      references,
      secrets,
      warnings: notes.problems,
    };
  } catch (error) {
    await secrets.close();
    throw error;
  }
}

/** How the stores are reached is read before they are open, and never in them. */
function withoutStores({ secrets: _, ...others }: ConfigDocument["data"]): ConfigDocument["data"] {
  return others;
}

/** What decides where references are looked up cannot be one, except in a store's own options. */
function noteReferencesToStores(data: ConfigDocument["data"], notes: ConfigNotes): void {
  const {
    use_azure_key_vault,
    use_google_kms,
    use_infisical,
    key_management_system,
    key_management_settings,
  } = Object(data.general_settings);
  const general = {
    use_azure_key_vault,
    use_google_kms,
    use_infisical,
    key_management_system,
    key_management_settings,
  };
  const { providers: _, ...secrets } = Object(data.secrets);
  for (const { place } of findReferences({ general_settings: general, secrets })) {
    notes.error(place, "this decides where references are looked up, so it cannot be one: write the value");
  }
}

export async function readConfigFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new UserError(`${file} ${why}: name a configuration with --config <file>`);
  }
}

/** The data with its references replaced; as it was, when one of them cannot be: each such is noted with its place. */
async function resolveAll(
  { data, reasons }: Implied,
  secrets: Secrets,
  notes: ConfigNotes,
): Promise<ConfigDocument["data"]> {
  try {
    const resolved = await secrets.resolve(withoutStores(data));
    return data.secrets === undefined ? resolved : { ...resolved, secrets: data.secrets };
  } catch (error) {
    if (!isSecretError(error)) throw error;
    for (const { path, error: problem } of error.problems) {
      notes.error(path, `${reasons.get(path) ?? ""}${problem.message}`);
    }
    if (error.problems.length === 0) throw error;
    return data;
  }
}
