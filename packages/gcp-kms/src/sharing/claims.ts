import type { DecryptionMemory } from "../reuse/decryption-memory.ts";
import type { KnownText } from "../reuse/known-text.ts";
import type { Answer, Request } from "./messages.ts";

/** Who decrypts what, among members that want the same. Kept by the leader. */
export interface Claims {
  join(answer: (answer: Answer) => void): Member;
}

export interface Member {
  hear(request: Request): void;
  /** Nobody waits any longer for what it was to find out. */
  leave(): void;
}

/** A member's duty to find out for all who wait. */
interface Lease {
  readonly identity: string;
  /** When it was given: what is told was asked for later. */
  readonly since: number;
  /** Those who wait, each with its way to be told. `undefined`: it is not known. */
  readonly waiting: Set<(known: KnownText | undefined) => void>;
  readonly timer: NodeJS.Timeout;
}

/** @param leaseMs how long others wait for whoever is to find out, in milliseconds. */
export function claimsOn(memory: DecryptionMemory, leaseMs: number): Claims {
  const leases = new Map<string, Lease>();

  function grant(identity: string): Lease {
    const timer = setTimeout(() => end(lease, undefined), leaseMs).unref();
    const lease: Lease = { identity, since: performance.now(), waiting: new Set(), timer };
    leases.set(identity, lease);
    return lease;
  }

  function end(lease: Lease, known: KnownText | undefined): void {
    clearTimeout(lease.timer);
    if (leases.get(lease.identity) === lease) leases.delete(lease.identity);
    for (const tell of lease.waiting) tell(known);
    lease.waiting.clear();
  }

  function join(answer: (answer: Answer) => void): Member {
    const held = new Map<number, Lease>();
    let left = false;

    function claim(id: number, identity: string, maxAgeMs: number): Answer {
      const known = memory.find(identity, maxAgeMs);
      if (known) return { kind: "known", id, ...known };
      const lease = leases.get(identity);
      if (lease) {
        lease.waiting.add((found) => {
          if (!left) answer(found ? { kind: "known", id, ...found } : { kind: "unknown", id });
        });
        return { kind: "wait", id };
      }
      held.set(id, grant(identity));
      return { kind: "yours", id };
    }

    function told(lease: Lease, text: string): void {
      const known = { text, ageMs: performance.now() - lease.since };
      memory.keep(lease.identity, known);
      end(lease, known);
    }

    return {
      hear(request) {
        if (request.kind === "claim") {
          answer(claim(request.id, request.identity, request.maxAgeMs));
          return;
        }
        const lease = held.get(request.id);
        held.delete(request.id);
        if (!lease) return;
        if (request.kind === "told") told(lease, request.text);
        else end(lease, undefined);
      },
      leave() {
        left = true;
        for (const lease of held.values()) end(lease, undefined);
        held.clear();
      },
    };
  }

  return { join };
}
