import { dirname, resolve } from "node:path";
import { isReference, isSecretError } from "@keyward/core";
import { parseConfig } from "../config/config-document.ts";
import { ConfigNotes, noNotes } from "../config/config-notes.ts";
import { writeImplied } from "../config/implied.ts";
import { masterKeyPath } from "../config/literals.ts";
import { readConfigFile } from "../config/load-config.ts";
import { openSecrets } from "../config/open-secrets.ts";
import { ConfigError } from "../config/problem.ts";
import { configuration } from "../config/sections.ts";
import { wantedStores } from "../config/stores.ts";

/**
 * The master key of a configuration, of which nothing else is resolved. Stores are opened only for a reference.
 * @throws ConfigError when it cannot be read
 * @throws UserError when there is no such file
 */
export async function configuredMasterKey(file: string): Promise<string | undefined> {
  const document = parseConfig(await readConfigFile(file));
  const notes = new ConfigNotes(document);
  if (notes.failed) throw new ConfigError(file, notes.problems);
  const { general_settings = null, environment_variables = null, secrets: stores = null } = document.data;
  const relevant = { general_settings, environment_variables, secrets: stores };
  const implied = writeImplied(relevant, configuration(relevant, [], noNotes) ?? {}, notes);
  const written = configuration(implied.data, [], noNotes) ?? {};
  const key = written.general_settings?.master_key;
  if (key === undefined || !isReference(key)) return key;
  const wanted = wantedStores(written, dirname(resolve(file)), notes);
  const options = { file, written, dotenv: {}, notes, onEvent: () => {} };
  await using secrets = wanted && (await openSecrets({ ...options, wanted }));
  if (secrets === undefined) throw new ConfigError(file, notes.problems);
  try {
    return await secrets.get(key);
  } catch (error) {
    if (!isSecretError(error)) throw error;
    notes.error(masterKeyPath, error.message);
    throw new ConfigError(file, notes.problems);
  }
}
