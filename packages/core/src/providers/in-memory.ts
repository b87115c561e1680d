import { SecretError } from "../errors.ts";
import type { SecretProvider, SecretReading } from "../provider.ts";

/** Secrets that live in this process, for tests and for values that the program makes itself. */
export interface InMemoryProvider extends SecretProvider {
  /** Creates a secret or gives it a new version. Versions count from "1". */
  set(key: string, value: string): void;
  delete(key: string): void;
}

/**
 * A provider over a map in this process.
 * @param entries the first version of each secret.
 */
export function inMemory(
  entries: Readonly<Record<string, string>> = {},
  name = "in-memory",
): InMemoryProvider {
  const secrets = new Map<string, SecretReading[]>();
  let notify: ((key: string) => void) | undefined;
  let closed = false;
  const provider: InMemoryProvider = {
    name,
    async readSecret(key, { version, signal }) {
      signal.throwIfAborted();
      if (closed)
        throw new SecretError({
          code: "closed",
          key,
          message: `${name} is closed.`,
        });
      const versions = secrets.get(key);
      return version === undefined
        ? versions?.at(-1)
        : versions?.find((reading) => reading.version === version);
    },
    watch(onChange, { signal }) {
      notify = onChange;
      signal.addEventListener("abort", () => {
        notify = undefined;
      });
    },
    async close() {
      closed = true;
      notify = undefined;
    },
    set(key, value) {
      const versions = secrets.get(key) ?? [];
      const now = new Date();
      versions.push({
        value,
        version: String(versions.length + 1),
        createdAt: versions[0]?.createdAt ?? now,
        updatedAt: now,
      });
      secrets.set(key, versions);
      notify?.(key);
    },
    delete(key) {
      secrets.delete(key);
      notify?.(key);
    },
  };
  for (const [key, value] of Object.entries(entries)) provider.set(key, value);
  return provider;
}
