import type { Socket } from "node:net";
import type { KnownText } from "../reuse/known-text.ts";
import { receiveLines, sendLine } from "./lines.ts";
import { type Answer, parseAnswer, type Request } from "./messages.ts";

/** How requests reach the leader, which may be in this process. */
export interface Wire {
  send(request: Request): void;
  /** Whether it keeps the process alive. */
  hold(held: boolean): void;
  close(): void;
}

export interface LineOptions {
  /** Milliseconds in which a claim is answered. The leader may be loading what blocks it. */
  readonly answerMs: number;
  /** Milliseconds to wait when told to wait. */
  readonly waitMs: number;
  /** Called once, when the leader has ended or fallen silent. */
  onGone(why: "ended" | "silent"): void;
}

/** How a claim ended. */
export type Outcome =
  | KnownText
  /** It is for the claimant to find out, and to say so, once. */
  | Lease
  /** Nobody found out in time. */
  | "unknown"
  /** The line has ended. */
  | "gone";

export interface Lease {
  tell(text: string): void;
  drop(): void;
}

/** A member's line to the leader. */
export interface LineToLeader {
  /** @throws the signal's reason. */
  claim(identity: string, maxAgeMs: number, signal: AbortSignal): Promise<Outcome>;
  close(): void;
}

export function lineToLeader(
  open: (hear: (answer: Answer) => void, ended: () => void) => Wire,
  { answerMs, waitMs, onGone }: LineOptions,
): LineToLeader {
  const claims = new Map<number, (answer: Answer | undefined) => void>();
  /** Claims that the leader has said nothing to. They stay when nobody waits for them any more. */
  const unanswered = new Set<number>();
  let watchdog: NodeJS.Timeout | undefined;
  let lastId = 0;
  let gone = false;

  const wire = open(hear, () => end("ended"));

  function end(why: "ended" | "silent"): void {
    if (gone) return;
    gone = true;
    clearTimeout(watchdog);
    wire.close();
    onGone(why);
    for (const settle of [...claims.values()]) settle(undefined);
  }

  function watch(): void {
    clearTimeout(watchdog);
    if (unanswered.size > 0) watchdog = setTimeout(() => end("silent"), answerMs).unref();
  }

  function hear(answer: Answer): void {
    unanswered.delete(answer.id);
    watch();
    const settle = claims.get(answer.id);
    if (settle) settle(answer);
    else if (answer.kind === "yours") wire.send({ kind: "dropped", id: answer.id });
  }

  function outcomeOf(answer: Exclude<Answer, { readonly kind: "wait" }>, claimed: number): Outcome {
    const { kind, id } = answer;
    if (kind === "unknown") return "unknown";
    // By our own clock: a process may have been stopped while the answer was under way.
    if (kind === "known") return { text: answer.text, ageMs: answer.ageMs + performance.now() - claimed };
    return {
      tell: (text) => wire.send({ kind: "told", id, text }),
      drop: () => wire.send({ kind: "dropped", id }),
    };
  }

  function claim(identity: string, maxAgeMs: number, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (gone) return resolve("gone");
      const claimed = performance.now();
      const id = ++lastId;
      let patience: NodeJS.Timeout | undefined;

      function leave(): void {
        clearTimeout(patience);
        signal.removeEventListener("abort", abort);
        claims.delete(id);
        if (claims.size === 0) wire.hold(false);
      }
      function abort(): void {
        leave();
        reject(signal.reason);
      }
      function settle(answer: Answer | undefined): void {
        if (answer?.kind === "wait") {
          patience = setTimeout(() => settle({ kind: "unknown", id }), waitMs);
          return;
        }
        leave();
        resolve(answer ? outcomeOf(answer, claimed) : "gone");
      }

      signal.addEventListener("abort", abort, { once: true });
      claims.set(id, settle);
      unanswered.add(id);
      if (unanswered.size === 1) watch();
      wire.hold(true);
      wire.send({ kind: "claim", id, identity, maxAgeMs });
    });
  }

  return { claim, close: () => end("ended") };
}

/** The wire to a leader in another process. */
export function wireOver(socket: Socket, hear: (answer: Answer) => void, ended: () => void): Wire {
  socket.unref();
  socket.on("close", ended);
  receiveLines(socket, parseAnswer, hear);
  return {
    send: (request) => sendLine(socket, request),
    hold: (held) => void (held ? socket.ref() : socket.unref()),
    close: () => void socket.destroy(),
  };
}
