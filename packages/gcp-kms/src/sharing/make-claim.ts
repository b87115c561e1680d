import { createConnection } from "node:net";
import type { Lease, Outcome } from "./claims.ts";
import { type Message, receive, send } from "./messages.ts";

export interface ClaimRequest {
  readonly identity: string;
  readonly maxAgeMs: number;
  /** Milliseconds to wait for an answer. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** `nobody`: no process leads here any more. `silent`: one does, and cannot be talked to. */
export type Reply = Outcome | { readonly kind: "nobody" } | { readonly kind: "silent" };

/** The side of a conversation of whoever does not lead. It never rejects. */
export function makeClaim(path: string, request: ClaimRequest): Promise<Reply> {
  const { identity, maxAgeMs, patienceMs, signal } = request;
  return new Promise((resolve) => {
    const socket = createConnection({ path, signal });
    const timer = setTimeout(() => settle({ kind: "silent" }), patienceMs);

    function settle(reply: Reply): void {
      clearTimeout(timer);
      resolve(reply);
      if (reply.kind !== "yours") socket.destroy();
    }

    function hear(message: Message | undefined): void {
      if (message?.kind === "known" || message?.kind === "unknown") settle(message);
      else if (message?.kind === "yours") settle({ kind: "yours", lease });
      else settle({ kind: "silent" });
    }

    const lease: Lease = {
      tell({ text, ageMs }) {
        send(socket, { kind: "known", text, ageMs });
        socket.end();
      },
      drop: () => void socket.destroy(),
    };

    let connected = false;
    socket.on("connect", () => {
      connected = true;
      send(socket, { kind: "claim", identity, maxAgeMs });
    });
    socket.on("error", (error) => settle({ kind: connected || isDeserted(error) ? "nobody" : "silent" }));
    socket.on("close", () => settle({ kind: "nobody" })); // The leader ended before it could answer.
    receive(socket, hear);
  });
}

/** Whether connecting failed because no process listens there, or because one has just ceased to. */
export function isDeserted(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && desertion.has(error.code);
}

const desertion: ReadonlySet<string> = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET"]);
