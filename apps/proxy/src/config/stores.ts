import type { SecretProvider } from "@keyward/core";
import { isStoreName, type OpenContext, type Store, type StoreName, stores } from "../compose.ts";
import type { Plain } from "./config-document.ts";
import { noNotes } from "./config-notes.ts";
import { hostedOnly } from "./hosted-keys.ts";
import { installedPackage } from "./installed-package.ts";
import type { Path } from "./path.ts";
import { fields, type Notes, text, unknownKey } from "./reader.ts";
import type { Configuration } from "./sections.ts";

/** A store that a configuration asks for. */
export interface WantedStore {
  readonly name: string;
  /** Its `id`, where it has one. */
  readonly id: string | undefined;
  /** Where the configuration asks for it. */
  readonly path: Path;
  /** Where its options stand. */
  readonly optionsPath: Path;
  /** Its options as they are written, references included. */
  readonly options: Plain;
  readonly variables: readonly string[];
  readonly processVariables: readonly string[];
  /** The options and variables that are secret. */
  readonly secret: readonly string[];
  /**
   * Takes the options with their references replaced. `undefined` when something is wrong with them, which is noted.
   * @throws whatever the factory of the provider throws, whose words are for people.
   */
  open(options: Plain, context: OpenContext, notes: Notes): Promise<SecretProvider | undefined>;
  /** @see Store.guard */
  readonly guard?: Store<unknown>["guard"];
}

/**
 * Which stores are asked, in this order: those that `general_settings` names as LiteLLM does, then those of
 * `secrets.providers`; behind the former alone, and where nothing is named, `.env` files and the environment.
 * `undefined` when one is named that cannot be had, so that nobody looks for its secrets elsewhere.
 */
export function wantedStores(
  configuration: Configuration,
  folder: string,
  notes: Notes,
  defaultStore?: SecretProvider,
): WantedStore[] | undefined {
  const systems = namedSystems(configuration);
  const listed = (configuration.secrets?.providers ?? []).map((entry, index) =>
    readEntry(entry, ["secrets", "providers", index], folder, notes),
  );
  const known = listed.filter((store) => store !== undefined);
  if (known.length < listed.length) return undefined;
  const stores = [...systems, ...known];
  const last: WantedStore[] = [];
  if (listed.length === 0 && systems.every(({ name }) => name !== "dotenv"))
    last.push(systems.length === 0 && defaultStore ? given(defaultStore) : builtIn("dotenv", {}, []));
  return [...stores, ...last];
}

/** LiteLLM's ways to name a store. Two that mean the same are one. */
function namedSystems({ general_settings: general = {} }: Configuration): WantedStore[] {
  const { key_management_system: system, key_management_settings: settings } = general;
  const named: [key: string, name: StoreName][] = [];
  if (general.use_azure_key_vault) named.push(["use_azure_key_vault", "azure_key_vault"]);
  if (general.use_google_kms) named.push(["use_google_kms", "google_kms"]);
  if (general.use_infisical) named.push(["use_infisical", "infisical"]);
  if (system !== undefined) named.push(["key_management_system", system === "local" ? "dotenv" : system]);
  const first = new Map(named.toReversed().map(([key, name]) => [name, key]));
  return [...first].toReversed().map(([name, key]) => {
    const store = builtIn(name, {}, ["general_settings", key]);
    const hosted = settings?.hosted_keys;
    return hosted === undefined || name === "dotenv" ? store : hostedOnly(store, hosted);
  });
}

/** What `secret://<id>/...` calls a store: its `id`, or else its provider's name up to the parenthesis. */
export function idOf({ id }: WantedStore, provider: SecretProvider): string {
  return id ?? provider.name.split("(", 1)[0] ?? "";
}

/** An entry of `secrets.providers`: a name, a name with options under it, or an installed package. */
function readEntry(entry: Plain, path: Path, folder: string, notes: Notes): WantedStore | undefined {
  const written = typeof entry === "string" ? { [entry]: {} } : entry;
  if (typeof written === "object" && written !== null && !Array.isArray(written) && "package" in written) {
    return installedPackage(written, path, folder, notes);
  }
  const [pair, ...others] = typeof written === "object" && written !== null ? Object.entries(written) : [];
  if (pair === undefined || others.length > 0 || Array.isArray(written)) {
    notes.error(
      path,
      'an entry of "providers" is a name, or a name with options indented under it: "- dotenv:"',
    );
    return undefined;
  }
  const [key, options] = pair;
  const name = key === "local" ? "dotenv" : key;
  if (isStoreName(name)) return builtIn(name, options ?? {}, [...path, key]);
  notes.error(path, unknownKey(key, [...Object.keys(stores), "package"]));
  return undefined;
}

/** A store that is open already. */
function given(provider: SecretProvider): WantedStore {
  const store: Store<object> = { options: fields({}), open: async () => provider };
  return wanted("dotenv", store, {}, []);
}

const identified = fields({ id: text });

function builtIn(name: StoreName, options: Plain, path: Path): WantedStore {
  return wanted(name, stores[name], options, path);
}

function wanted<T>(name: StoreName, store: Store<T>, written: Plain, path: Path): WantedStore {
  const { id } = identified(written, [], noNotes) ?? {};
  return {
    name,
    id,
    path,
    optionsPath: path,
    options: written,
    variables: store.variables ?? [],
    processVariables: store.processVariables ?? [],
    secret: store.secret ?? [],
    ...(store.guard && { guard: store.guard }),
    async open(resolved, context, notes) {
      const options = store.options(resolved, path, notes);
      return options && (await store.open(options, context));
    },
  };
}
