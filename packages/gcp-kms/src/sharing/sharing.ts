import type { Server, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DecryptionMemory } from "../reuse/decryption-memory.ts";
import { findOut, type KnownText } from "../reuse/known-text.ts";
import { untilAborted } from "../until-aborted.ts";
import { claimsOn } from "./claims.ts";
import { connectTo } from "./connect-to.ts";
import { type LineToLeader, lineToLeader, type Outcome, wireOver } from "./line-to-leader.ts";
import { receiveLines, sendLine } from "./lines.ts";
import { openMeetingPlace } from "./meeting-place.ts";
import { parseRequest } from "./messages.ts";
import { takeLead } from "./take-lead.ts";

/**
 * Decryptions that the processes of one user on one machine make for each other.
 *
 * One of them, whichever came first, leads: the others ask it before they decrypt, and it says what is known and who is
 * to find out. Each decrypts with its own credentials. Whatever goes wrong among them is no failure: a process then
 * asks Cloud KMS by itself, as it would without the others.
 */
export interface Sharing {
  /** What another process knows, or else what `ask` finds, which the others then get to know. */
  obtain(identity: string, ask: () => Promise<string>, signal: AbortSignal): Promise<KnownText>;
  close(): Promise<void>;
}

/** Milliseconds. */
export interface SharingTimes {
  /** In which a leader is found. */
  readonly electionMs: number;
  /** In which the leader answers. It may be blocked for as long as it takes to load the vendor's client. */
  readonly answerMs: number;
  /** For which the others wait for whoever is decrypting. */
  readonly leaseMs: number;
  /** For which a process asks by itself after there was no leader to be found, or none that answered. */
  readonly quietMs: number;
}

const usualTimes: SharingTimes = { electionMs: 1_500, answerMs: 2_000, leaseMs: 3_000, quietMs: 60_000 };

/** Milliseconds until another process that is about to lead is looked for again. */
const pause = 20;

/** So many leaders may end, one after the other, while they are asked for one decryption. */
const mostLeaders = 3;

/** @param forMs how old a decryption may be, in milliseconds. */
export function shareDecryptions(
  folder: string,
  memory: DecryptionMemory,
  forMs: number,
  { electionMs, answerMs, leaseMs, quietMs }: SharingTimes = usualTimes,
): Sharing {
  const now = () => performance.now();
  const maxAgeMs = Math.min(forMs, Number.MAX_SAFE_INTEGER); // JSON has no Infinity.
  const claims = claimsOn(memory, leaseMs);
  const members = new Set<Socket>();
  let leading: Server | undefined;
  let line: LineToLeader | undefined;
  let reaching: Promise<LineToLeader | undefined> | undefined;
  let quietUntil = 0;
  let closed = false;

  function beQuiet(): void {
    quietUntil = now() + quietMs;
  }

  const lineOptions = {
    answerMs,
    waitMs: leaseMs,
    onGone(why: "ended" | "silent") {
      line = undefined;
      if (why === "silent") beQuiet();
    },
  };

  function serve(socket: Socket): void {
    members.add(socket);
    socket.unref();
    const member = claims.join((answer) => sendLine(socket, answer));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      members.delete(socket);
      member.leave();
    });
    receiveLines(socket, parseRequest, member.hear);
  }

  function lineToOurselves(): LineToLeader {
    return lineToLeader((hear) => {
      const member = claims.join(hear);
      return { send: member.hear, hold: () => undefined, close: member.leave };
    }, lineOptions);
  }

  async function findLeader(): Promise<LineToLeader | undefined> {
    const place = openMeetingPlace(folder);
    const leader = await connectTo(place.socket);
    if (leader === "busy") return undefined;
    if (leader) return lineToLeader((hear, ended) => wireOver(leader, hear, ended), lineOptions);
    leading = await takeLead(place, serve);
    return leading && lineToOurselves();
  }

  async function reachLeader(): Promise<LineToLeader | undefined> {
    const until = now() + electionMs;
    try {
      do {
        line = await findLeader();
        if (closed) stop();
        if (closed || line) return line;
        await delay(pause);
      } while (now() < until);
    } catch {
      // Without a folder that is there and ours alone, each process asks for itself.
    }
    beQuiet();
    return undefined;
  }

  async function claim(identity: string, signal: AbortSignal): Promise<Outcome> {
    for (let attempt = 0; attempt < mostLeaders && !closed && now() >= quietUntil; attempt++) {
      const reached = line ?? (await untilAborted(reach(), signal));
      const outcome = await reached?.claim(identity, maxAgeMs, signal);
      if (outcome !== undefined && outcome !== "gone") return outcome;
    }
    if (!closed && now() >= quietUntil) beQuiet();
    return "unknown";
  }

  function reach(): Promise<LineToLeader | undefined> {
    reaching ??= reachLeader().finally(() => {
      reaching = undefined;
    });
    return reaching;
  }

  function stop(): void {
    line?.close();
    leading?.close();
    for (const socket of members) socket.destroy();
  }

  return {
    async obtain(identity, ask, signal) {
      const outcome = await claim(identity, signal);
      if (typeof outcome !== "object" || ("text" in outcome && outcome.ageMs >= maxAgeMs))
        return findOut(ask);
      if ("text" in outcome) return outcome;
      try {
        const known = await findOut(ask);
        outcome.tell(known.text);
        return known;
      } catch (error) {
        outcome.drop();
        throw error;
      }
    },
    async close() {
      closed = true;
      stop();
    },
  };
}
