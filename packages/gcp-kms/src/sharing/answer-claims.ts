import type { Socket } from "node:net";
import type { Claims, Lease, Outcome } from "./claims.ts";
import { type Message, receive, send } from "./messages.ts";

/** Longer than a lease and a request to Cloud KMS take, in milliseconds. */
const longestConversation = 15_000;

/** The leader's side of a conversation. */
export function answerClaims(socket: Socket, claims: Claims): void {
  let lease: Lease | undefined;
  let claimed = false;

  function answer(outcome: Outcome): void {
    const { kind } = outcome;
    if (kind === "yours") {
      lease = outcome.lease;
      if (socket.destroyed) lease.drop();
    }
    send(socket, kind === "known" ? outcome : { kind });
    if (kind !== "yours") socket.end();
  }

  function hear(message: Message | undefined): void {
    if (message?.kind === "claim" && !claimed) {
      claimed = true;
      claims.claim(message.identity, message.maxAgeMs).then(answer, () => socket.destroy());
    } else if (message?.kind === "known" && lease) {
      lease.tell({ text: message.text, ageMs: message.ageMs });
      socket.end();
    } else {
      socket.destroy();
    }
  }

  // What nobody waits for does not keep the process alive.
  socket.unref();
  socket.setTimeout(longestConversation, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => lease?.drop());
  receive(socket, hear);
}
