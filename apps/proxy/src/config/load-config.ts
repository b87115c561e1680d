import { readFile } from "node:fs/promises";
import { isSecretError, type Secrets } from "@keyward/core";
import type { ModelOptions } from "@keyward/llm";
import { UserError } from "../user-error.ts";
import { type ConfigDocument, parseConfig } from "./config-document.ts";
import { ConfigNotes, noNotes } from "./config-notes.ts";
import { type Implied, writeImplied } from "./implied.ts";
import { masterKeyPath } from "./literals.ts";
import { readModels } from "./models.ts";
import { openSecrets } from "./open-secrets.ts";
import { ConfigError, type Problem } from "./problem.ts";
import { type FoundReference, findReferences } from "./references.ts";
import { configuration } from "./sections.ts";
import { type WantedStore, wantedStores } from "./stores.ts";

export interface LoadOptions {
  /** The file, as it is shown in messages. */
  readonly file: string;
  /** Asked when the configuration names no store. Default: `.env` files and the environment. */
  readonly defaultStore?: WantedStore | undefined;
}

/** A configuration that can be served: every reference in it has been read once. */
export interface LoadedConfig {
  readonly file: string;
  readonly models: readonly ModelOptions[];
  /** Its value; compared, never shown. Absent when everybody may ask. */
  readonly masterKey: string | undefined;
  /** What the file says in its place: a reference, or the key itself. */
  readonly masterKeyWritten: string | undefined;
  readonly maxBodyBytes: number;
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
export async function loadConfig({ file, defaultStore }: LoadOptions): Promise<LoadedConfig> {
  const document = parseConfig(await readConfigFile(file));
  const notes = new ConfigNotes(document);
  const implied = writeImplied(document.data, configuration(document.data, [], noNotes) ?? {}, notes);
  const written = configuration(implied.data, [], noNotes) ?? {};
  const wanted = wantedStores(written, notes, defaultStore);
  const secrets = wanted && (await openSecrets({ file, written, wanted, notes }));
  if (secrets === undefined) {
    configuration(implied.data, [], notes);
    throw new ConfigError(file, notes.problems);
  }
  try {
    const data = await resolveAll(implied, secrets, notes);
    const read = configuration(data, [], notes) ?? {};
    const models = readModels(read.model_list ?? [], written.model_list ?? [], secrets, notes);
    const masterKey = read.general_settings?.master_key;
    if (masterKey !== undefined && !/^[\x21-\x7e]+$/.test(masterKey)) {
      notes.error(
        masterKeyPath,
        '"master_key" must be letters, digits and signs, without spaces, and not empty',
      );
    }
    if (notes.failed) throw new ConfigError(file, notes.problems);
    return {
      file,
      models,
      masterKey,
      masterKeyWritten: written.general_settings?.master_key,
      maxBodyBytes: (read.general_settings?.max_request_size_mb ?? defaultMegabytes) * 1024 * 1024,
      references: findReferences(implied.data),
      secrets,
      warnings: notes.problems,
    };
  } catch (error) {
    await secrets.close();
    throw error;
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
    return await secrets.resolve(data);
  } catch (error) {
    if (!isSecretError(error)) throw error;
    for (const { path, error: problem } of error.problems) {
      notes.error(path, `${reasons.get(path) ?? ""}${problem.message}`);
    }
    if (error.problems.length === 0) throw error;
    return data;
  }
}
