import type { Secrets } from "@keyward/core";

/** Where the key of a deployment comes from. Asked at every call, so that a rotated key is used by the next one. */
export interface ApiKey {
  /** The secret's name, for errors and logs: `OPENAI_API_KEY`. */
  readonly name: string;
  /** @throws whatever the secret manager throws; its message reaches the caller. */
  read(): Promise<string>;
  /** Reads it from the store itself, past every cache. Without it a key that is refused is not read anew. */
  refresh?(): Promise<string>;
}

/**
 * A key that a secret manager holds. Deployments that share a key should share what this makes: then one of them
 * reads it anew for all.
 *
 * @param name what errors call it
 * @throws SecretError `invalid_reference`
 */
export function apiKeyFrom(
  secrets: Pick<Secrets, "get" | "getter" | "invalidate">,
  reference: string,
  name: string = reference.replace(/^os\.environ\//, ""),
): ApiKey {
  return {
    name,
    read: secrets.getter(reference),
    refresh() {
      secrets.invalidate(reference);
      return secrets.get(reference);
    },
  };
}
