import type { SecretProvider } from "@keyward/core";
import { isStoreName, type StoreName, stores } from "../compose.ts";
import type { Plain } from "./config-document.ts";
import type { Path } from "./path.ts";
import { type Notes, unknownKey } from "./reader.ts";
import type { Configuration } from "./sections.ts";

/** A store that a configuration asks for, its options read. */
export interface WantedStore {
  readonly name: StoreName;
  /** Where the configuration asks for it. */
  readonly path: Path;
  open(): Promise<SecretProvider>;
}

/**
 * Which stores are asked, in this order. `.env` files and the environment when nothing else is named; `undefined`
 * when one is named that cannot be had, so that nobody looks for its secrets elsewhere.
 */
export function wantedStores(
  configuration: Configuration,
  notes: Notes,
  byDefault: WantedStore = { name: "dotenv", path: [], open: () => stores.dotenv.open({}) },
): WantedStore[] | undefined {
  const { secrets, general_settings: general = {} } = configuration;
  const named = [
    ...(general.use_azure_key_vault ? [legacy("azure_key_vault", "use_azure_key_vault", notes)] : []),
    ...(general.use_google_kms ? [legacy("google_kms", "use_google_kms", notes)] : []),
    ...(general.key_management_system
      ? [legacy(general.key_management_system, "key_management_system", notes)]
      : []),
    ...(secrets?.providers ?? []).map((entry, index) =>
      listed(entry, ["secrets", "providers", index], notes),
    ),
  ];
  const known = named.filter((store) => store !== undefined);
  if (known.length < named.length) return undefined;
  return known.length > 0 ? known : [byDefault];
}

/** LiteLLM's way to say it. */
function legacy(system: string, key: string, notes: Notes): WantedStore | undefined {
  const name = system === "local" ? "dotenv" : system;
  const path = ["general_settings", key];
  if (isStoreName(name)) return read(name, {}, path, notes);
  notes.error(
    path,
    `this version of Keyward cannot read ${name}: it knows ${Object.keys(stores).join(", ")}`,
  );
  return undefined;
}

/** An entry of `secrets.providers`: a name, or a name with options under it. */
function listed(entry: Plain, path: Path, notes: Notes): WantedStore | undefined {
  const options = typeof entry === "string" ? { [entry]: {} } : entry;
  const [pair, ...others] = typeof options === "object" && options !== null ? Object.entries(options) : [];
  if (pair === undefined || others.length > 0 || Array.isArray(options)) {
    notes.error(
      path,
      'an entry of "providers" is a name, or a name with options indented under it: "- dotenv:"',
    );
    return undefined;
  }
  const [name, value] = pair;
  if (isStoreName(name)) return read(name, value ?? {}, [...path, name], notes);
  notes.error(path, unknownKey(name, Object.keys(stores)));
  return undefined;
}

function read(name: StoreName, value: Plain, path: Path, notes: Notes): WantedStore | undefined {
  const store = stores[name];
  const options = store.options(value, path, notes);
  return options && { name, path, open: () => store.open(options) };
}
