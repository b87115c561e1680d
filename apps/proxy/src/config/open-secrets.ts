import {
  type CachePolicy,
  createSecrets,
  inMemory,
  isSecretError,
  type SecretProvider,
  type Secrets,
} from "@keyward/core";
import type { ConfigNotes } from "./config-notes.ts";
import { literalSecrets } from "./literals.ts";
import type { Configuration } from "./sections.ts";
import type { WantedStore } from "./stores.ts";

export interface OpenOptions {
  readonly file: string;
  readonly written: Configuration;
  readonly wanted: readonly WantedStore[];
  readonly notes: ConfigNotes;
}

/**
 * What a configuration holds itself, then its stores. `undefined` when one of them cannot be opened, so that nobody
 * looks for its secrets in the others.
 */
export async function openSecrets({
  file,
  written,
  wanted,
  notes,
}: OpenOptions): Promise<Secrets | undefined> {
  const literals = literalSecrets(written);
  const names = Object.keys(literals);
  const providers: SecretProvider[] = names.length > 0 ? [inMemory(literals, file)] : [];
  const stores = await openStores(wanted, notes);
  if (stores === undefined) return undefined;
  providers.push(...stores);
  try {
    const secrets = createSecrets({ providers, cache: cachePolicy(written) });
    // Handed out once, so that they are masked from here on.
    await secrets.getMany(names);
    return secrets;
  } catch (error) {
    await closeAll(providers);
    if (!isSecretError(error)) throw error;
    notes.error(["secrets"], error.message);
    return undefined;
  }
}

async function openStores(
  wanted: readonly WantedStore[],
  notes: ConfigNotes,
): Promise<SecretProvider[] | undefined> {
  const opened: SecretProvider[] = [];
  for (const store of wanted) {
    try {
      opened.push(await store.open());
    } catch (error) {
      // What a factory says of its options is written for people, and it has seen no secret yet.
      notes.error(store.path, error instanceof Error ? error.message : `${store.name} cannot be opened`);
    }
  }
  if (opened.length === wanted.length) return opened;
  await closeAll(opened);
  return undefined;
}

async function closeAll(providers: readonly SecretProvider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close?.()));
}

/** From seconds, as the file has them. */
function cachePolicy({ secrets }: Configuration): Partial<CachePolicy> {
  const { ttl, absent_ttl, max_stale } = secrets?.cache ?? {};
  return {
    ...(ttl === undefined ? {} : { ttlMs: ttl * 1000 }),
    ...(absent_ttl === undefined ? {} : { absentTtlMs: absent_ttl * 1000 }),
    ...(max_stale === undefined ? {} : { maxStaleMs: max_stale * 1000 }),
  };
}
