import type { KnownText } from "./known-text.ts";

/** What ciphertexts decrypted to, by identity, for a bounded time and of a bounded number. */
export interface DecryptionMemory {
  /** @param maxAgeMs what is older is not found. Default: as long as it is kept. */
  find(identity: string, maxAgeMs?: number): KnownText | undefined;
  keep(identity: string, known: KnownText): void;
  /** Forgets everything, and keeps nothing any more. */
  close(): void;
  readonly size: number;
}

/** Beyond these, the longest unused go first. */
const capacity = 1000;

export function decryptionMemory(
  forMs: number,
  now: () => number = () => performance.now(),
): DecryptionMemory {
  const entries = new Map<string, { readonly text: string; readonly since: number }>();
  let closed = false;

  function makeRoom(): void {
    for (const [identity, { since }] of entries) {
      // What is over is not kept until its name comes up again, which may be never.
      if (entries.size > capacity || now() - since >= forMs) entries.delete(identity);
    }
  }

  return {
    find(identity, maxAgeMs = forMs) {
      const entry = entries.get(identity);
      if (!entry) return undefined;
      const ageMs = now() - entry.since;
      entries.delete(identity);
      if (ageMs < forMs) entries.set(identity, entry);
      return ageMs < Math.min(forMs, maxAgeMs) ? { text: entry.text, ageMs } : undefined;
    },
    keep(identity, { text, ageMs }) {
      if (closed) return;
      entries.delete(identity);
      entries.set(identity, { text, since: now() - ageMs });
      makeRoom();
    },
    close() {
      closed = true;
      entries.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
