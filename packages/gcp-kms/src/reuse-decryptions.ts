import { createHash } from "node:crypto";
import type { Decryption } from "./decrypt.ts";

export type Decrypt = (decryption: Decryption, signal: AbortSignal) => Promise<string>;

/** Beyond these, the longest unused go first. */
const capacity = 1000;

/**
 * Remembers what a ciphertext decrypted to, for a bounded time counted from the request. This is the one thing that a
 * provider otherwise leaves to core: core keeps values by name and cannot know that a name's ciphertext is unchanged.
 * Failures are not remembered.
 */
export function reuseDecryptions(
  decrypt: Decrypt,
  forMs: number,
  now: () => number = () => performance.now(),
): { readonly decrypt: Decrypt; forget(): void } {
  const known = new Map<string, { readonly text: string; readonly until: number }>();
  return {
    async decrypt(decryption, signal) {
      signal.throwIfAborted();
      const identity = identityOf(decryption);
      const entry = known.get(identity);
      known.delete(identity);
      if (entry && now() < entry.until) {
        known.set(identity, entry);
        return entry.text;
      }
      const until = now() + forMs;
      const text = await decrypt(decryption, signal);
      known.set(identity, { text, until });
      for (const oldest of known.keys()) {
        if (known.size <= capacity) break;
        known.delete(oldest);
      }
      return text;
    },
    forget: () => known.clear(),
  };
}

/** Everything that selects the result, each part with its length, so that no two decryptions share an identity. */
function identityOf({ keyName, ciphertext, additionalData }: Decryption): string {
  const hash = createHash("sha256");
  for (const part of [Buffer.from(keyName), ciphertext, additionalData]) {
    hash.update(`${part?.length};`);
    if (part) hash.update(part);
  }
  return hash.digest("base64");
}
