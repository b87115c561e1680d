import type { Server, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DecryptionMemory } from "../reuse/decryption-memory.ts";
import { findOut, type KnownText } from "../reuse/known-text.ts";
import { untilAborted } from "../until-aborted.ts";
import { answerClaims } from "./answer-claims.ts";
import { claimsOn, type Outcome } from "./claims.ts";
import { makeClaim } from "./make-claim.ts";
import { type MeetingPlace, openFolder } from "./share-folder.ts";
import { takeLead } from "./take-lead.ts";

/**
 * Decryptions that the processes of one user on one machine make for each other.
 *
 * One of them, whichever came first, leads: it is asked by the others before they decrypt, says what it knows, and who
 * is to find out. Each decrypts with its own credentials. Whatever goes wrong among them is no failure: a process then
 * asks Cloud KMS by itself, as it would without the others.
 */
export interface Sharing {
  /** What another process knows, or else what `ask` finds, which the others then get to know. */
  obtain(identity: string, ask: () => Promise<string>, signal: AbortSignal): Promise<KnownText>;
  close(): Promise<void>;
}

/** Milliseconds. */
export interface SharingTimes {
  /** How long others wait for whoever is decrypting. */
  readonly leaseMs: number;
  /** How long an answer is waited for: beyond a lease, well within the deadline of a read. */
  readonly patienceMs: number;
  /** How long the others are left alone after the leader did not answer, or the folder could not be used. */
  readonly quietMs: number;
}

const usualTimes: SharingTimes = { leaseMs: 5_000, patienceMs: 6_000, quietMs: 60_000 };

/** Milliseconds until another process that is about to lead is looked for again. */
const pause = 20;

/** @param forMs how old a decryption may be, in milliseconds. */
export function shareDecryptions(
  place: MeetingPlace,
  memory: DecryptionMemory,
  forMs: number,
  { leaseMs, patienceMs, quietMs }: SharingTimes = usualTimes,
): Sharing {
  const now = () => performance.now();
  const maxAgeMs = Math.min(forMs, Number.MAX_SAFE_INTEGER); // JSON has no Infinity.
  const claims = claimsOn(memory, leaseMs);
  const sockets = new Set<Socket>();
  let leading: Server | undefined;
  let electing: Promise<void> | undefined;
  let quietUntil = 0;
  let closed = false;

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    answerClaims(socket, claims);
  }

  async function elect(): Promise<void> {
    const server = await takeLead(place, serve);
    if (closed) server?.close();
    else if (server) leading = server;
    else await delay(pause);
  }

  async function claim(identity: string, signal: AbortSignal): Promise<Outcome> {
    const until = now() + patienceMs;
    for (let patience = patienceMs; patience > 0 && !closed; patience = until - now()) {
      signal.throwIfAborted();
      if (leading) return claims.claim(identity, maxAgeMs);
      openFolder(place);
      const reply = await makeClaim(place.socket, { identity, maxAgeMs, patienceMs: patience, signal });
      signal.throwIfAborted();
      if (reply.kind === "silent") break;
      if (reply.kind !== "nobody") return reply;
      electing ??= elect().finally(() => {
        electing = undefined;
      });
      await electing;
    }
    quietUntil = now() + quietMs;
    return { kind: "unknown" };
  }

  async function outcomeOf(identity: string, signal: AbortSignal): Promise<Outcome> {
    if (now() < quietUntil) return { kind: "unknown" };
    try {
      return await untilAborted(claim(identity, signal), signal);
    } catch {
      // The folder is gone or is not ours alone any more. Without it each process asks for itself.
      signal.throwIfAborted();
      quietUntil = now() + quietMs;
      return { kind: "unknown" };
    }
  }

  return {
    async obtain(identity, ask, signal) {
      const outcome = await outcomeOf(identity, signal);
      if (outcome.kind === "known" && outcome.ageMs < maxAgeMs) return outcome;
      const lease = outcome.kind === "yours" ? outcome.lease : undefined;
      try {
        signal.throwIfAborted();
        const known = await findOut(ask);
        lease?.tell(known);
        return known;
      } catch (error) {
        lease?.drop();
        throw error;
      }
    },
    async close() {
      closed = true;
      leading?.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
