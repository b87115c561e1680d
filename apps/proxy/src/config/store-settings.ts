import { createSecrets, inMemory, isReference, isSecretError, type Secrets } from "@keyward/core";
import { type DotenvOptions, type Environment, openDotenv } from "../compose.ts";
import type { Plain } from "./config-document.ts";
import type { ConfigNotes } from "./config-notes.ts";
import { literalVariables } from "./literals.ts";
import { formatPath } from "./path.ts";
import type { Configuration } from "./sections.ts";
import type { WantedStore } from "./stores.ts";

/** What is needed to open stores, found where it can be before any of them is open. */
export interface StoreSettings extends AsyncDisposable {
  readonly environment: Environment;
  /** The options with their references replaced; `undefined` when one cannot be, which is noted. */
  options(store: WantedStore): Promise<Plain | undefined>;
  /** Masks what was read. */
  redact(text: string): string;
  /** Every secret among what was read. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Variables and references that say how a store is reached, from the configuration's `environment_variables`, the
 * environment and `.env` files, in this order.
 */
export async function storeSettings(
  wanted: readonly WantedStore[],
  { written, dotenv, notes }: { written: Configuration; dotenv: DotenvOptions; notes: ConfigNotes },
): Promise<StoreSettings> {
  const variables = inMemory(literalVariables(written));
  const files = await openDotenv(dotenv);
  const manager = createSecrets({ providers: [variables, files] });
  const environment: Record<string, string | undefined> = {};
  const secrets = new Set<string>();
  for (const store of wanted) {
    for (const name of [...store.variables, ...store.processVariables]) {
      const value = await find(manager, name, store, notes);
      environment[name] = value;
      if (value && store.secret.includes(name)) secrets.add(value);
    }
    for (const name of store.processVariables) {
      if (environment[name] === undefined || process.env[name] !== undefined) continue;
      notes.warn(store.path, `${name} has to be in the environment of the process: export it there as well`);
    }
  }
  return {
    environment,
    secrets,
    redact: (text) => manager.redact(text),
    async options(store) {
      try {
        const resolved = await manager.resolve(store.options);
        collectSecrets(store, resolved, secrets);
        return resolved;
      } catch (error) {
        if (!isSecretError(error)) throw error;
        for (const { path, error: problem } of error.problems) {
          const place = path.startsWith("[") ? path : `.${path}`;
          notes.error(`${formatPath(store.optionsPath)}${place}`, `${problem.message} ${beforeStores}`);
        }
        return undefined;
      }
    },
    [Symbol.asyncDispose]: () => manager.close(),
  };
}

const beforeStores = "What opens a store is read before any store is open.";

async function find(
  manager: Secrets,
  name: string,
  store: WantedStore,
  notes: ConfigNotes,
): Promise<string | undefined> {
  try {
    return await manager.find(name);
  } catch (error) {
    if (!isSecretError(error)) throw error;
    notes.error(store.path, error.message);
    return undefined;
  }
}

/** What a reference brought in, and what is secret by its name. */
function collectSecrets(store: WantedStore, resolved: Plain, secrets: Set<string>): void {
  const collect = (before: Plain | undefined, after: Plain, key: string): void => {
    if (typeof after === "string") {
      const referred = typeof before === "string" && isReference(before);
      if (after !== "" && (referred || store.secret.includes(key))) secrets.add(after);
    } else if (typeof after === "object" && after !== null) {
      for (const [inner, value] of Object.entries(after)) {
        const old: unknown =
          typeof before === "object" && before !== null ? Reflect.get(before, inner) : undefined;
        collect(old as Plain | undefined, value, inner);
      }
    }
  };
  collect(store.options, resolved, "");
}
