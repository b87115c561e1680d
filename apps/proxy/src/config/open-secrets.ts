import {
  createSecrets,
  inMemory,
  isSecretError,
  type SecretEvent,
  type SecretProvider,
  type Secrets,
} from "@keyward/core";
import type { DotenvOptions } from "../compose.ts";
import type { ConfigNotes } from "./config-notes.ts";
import { configId, literalReference, literalSecrets, placeOfLiteral } from "./literals.ts";
import { policies } from "./policies.ts";
import type { Configuration } from "./sections.ts";
import { type StoreSettings, storeSettings } from "./store-settings.ts";
import { idOf, type WantedStore } from "./stores.ts";

export interface OpenOptions {
  readonly file: string;
  readonly written: Configuration;
  readonly wanted: readonly WantedStore[];
  readonly dotenv: DotenvOptions;
  readonly notes: ConfigNotes;
  readonly onEvent: (event: SecretEvent) => void;
}

/**
 * What a configuration holds itself, then its stores. `undefined` when one of them cannot be opened, so that nobody
 * looks for its secrets in the others.
 */
export async function openSecrets(options: OpenOptions): Promise<Secrets | undefined> {
  const { file, written, wanted, notes, onEvent } = options;
  await using settings = await storeSettings(wanted, options);
  const opened = await openStores(wanted, settings, options);
  if (opened === undefined) return undefined;
  // Known to the mask before anything can be said about them.
  const credentials = Array.from(settings.secrets, (value, index) => [`credential ${index + 1}`, value]);
  const literals: Record<string, string> = { ...literalSecrets(written), ...Object.fromEntries(credentials) };
  const names = Object.keys(literals);
  const stores: [string, SecretProvider][] = [];
  if (names.length > 0) stores.push([configId, await guarded(inMemory(literals, file), undefined, wanted)]);
  for (const [id, { provider, store }] of opened) stores.push([id, await guarded(provider, store, wanted)]);
  const providers = Object.fromEntries(stores);
  try {
    const secrets = createSecrets({ providers, onEvent, ...policies(written) });
    await secrets.getMany(names.map(literalReference));
    return secrets;
  } catch (error) {
    await closeAll(Object.values(providers));
    if (!isSecretError(error)) throw error;
    if (error.problems.length === 0) notes.error(["secrets"], error.message);
    for (const { error: problem } of error.problems) {
      notes.error(placeOfLiteral(problem.key ?? "", written) ?? ["secrets"], problem.message);
    }
    return undefined;
  }
}

interface OpenedStore {
  readonly provider: SecretProvider;
  readonly store: WantedStore;
}

/** A store that hands out nothing which another forbids it. */
async function guarded(
  provider: SecretProvider,
  own: WantedStore | undefined,
  wanted: readonly WantedStore[],
): Promise<SecretProvider> {
  let result = provider;
  if (own?.guard) return result;
  for (const { guard } of wanted) if (guard) result = await guard(result);
  return result;
}

/** The stores under their ids. */
async function openStores(
  wanted: readonly WantedStore[],
  settings: StoreSettings,
  { dotenv, notes }: OpenOptions,
): Promise<Map<string, OpenedStore> | undefined> {
  const opened = new Map<string, OpenedStore>();
  for (const store of wanted) {
    const resolved = await settings.options(store);
    if (resolved === undefined) continue;
    try {
      const provider = await store.open(resolved, { environment: settings.environment, dotenv }, notes);
      if (provider === undefined) continue;
      const id = idOf(store, provider);
      if (opened.has(id) || id === configId) {
        await provider.close?.();
        notes.error(
          store.path,
          `there is another store with the id "${id}": give this one its own, with "id"`,
        );
      } else opened.set(id, { provider, store });
    } catch (error) {
      const why = error instanceof Error ? error.message : `${store.name} cannot be opened`;
      notes.error(store.path, settings.redact(why));
    }
  }
  if (opened.size === wanted.length) return opened;
  await closeAll([...opened.values()].map(({ provider }) => provider));
  return undefined;
}

async function closeAll(providers: readonly SecretProvider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close?.()));
}
