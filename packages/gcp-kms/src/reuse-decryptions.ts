import { createHash } from "node:crypto";
import type { Decryption } from "./decrypt.ts";

export interface ReusedDecryptions {
  readonly decrypt: Decrypt;
  /** How many decryptions are remembered. */
  readonly size: number;
  forget(): void;
}

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
): ReusedDecryptions {
  const known = new Map<string, { readonly text: string; readonly until: number }>();

  function makeRoom(): void {
    for (const [identity, { until }] of known) {
      // What is over is not kept until its name comes up again, which may be never.
      if (known.size > capacity || until <= now()) known.delete(identity);
    }
  }

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
      makeRoom();
      return text;
    },
    get size() {
      return known.size;
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
