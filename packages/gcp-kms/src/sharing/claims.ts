import type { DecryptionMemory } from "../reuse/decryption-memory.ts";
import type { KnownText } from "../reuse/known-text.ts";

/** What a claim comes to. */
export type Outcome =
  | ({ readonly kind: "known" } & KnownText)
  /** Nobody knows it: the claimant is to find out, and tell. */
  | { readonly kind: "yours"; readonly lease: Lease }
  /** Whoever was to find out failed, or took too long. Each finds out alone. */
  | { readonly kind: "unknown" };

/** The duty to find out for all. The first call counts. */
export interface Lease {
  tell(known: KnownText): void;
  /** Those who wait are told to wait no longer. */
  drop(): void;
}

/** Who decrypts what, among those who want the same. */
export interface Claims {
  claim(identity: string, maxAgeMs: number): Promise<Outcome>;
}

/** @param leaseMs how long others wait for whoever has a lease, in milliseconds. */
export function claimsOn(memory: DecryptionMemory, leaseMs: number): Claims {
  const leases = new Map<string, Set<(outcome: Outcome) => void>>();

  function grant(identity: string): Lease {
    const waiting = new Set<(outcome: Outcome) => void>();
    leases.set(identity, waiting);
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      if (leases.get(identity) === waiting) leases.delete(identity);
      for (const answer of waiting) answer(outcome);
      waiting.clear();
    };
    const drop = (): void => end({ kind: "unknown" });
    const timer = setTimeout(drop, leaseMs).unref();
    return {
      tell(known) {
        memory.keep(identity, known);
        end({ kind: "known", ...known });
      },
      drop,
    };
  }

  return {
    async claim(identity, maxAgeMs) {
      const known = memory.find(identity, maxAgeMs);
      if (known) return { kind: "known", ...known };
      const waiting = leases.get(identity);
      if (waiting) return new Promise((resolve) => waiting.add(resolve));
      return { kind: "yours", lease: grant(identity) };
    },
  };
}
