import type { Socket } from "node:net";

/** What two processes say to each other, each message one line of JSON. A conversation is about one decryption. */
export type Message =
  /** Who has decrypted this, less than so long ago? */
  | { readonly kind: "claim"; readonly identity: string; readonly maxAgeMs: number }
  /** This is what it decrypted to. An answer to a claim, and what follows a lease. */
  | { readonly kind: "known"; readonly text: string; readonly ageMs: number }
  /** Nobody yet. Decrypt it and say what it is: others wait for it. */
  | { readonly kind: "yours" }
  /** Nobody, and whoever was to find out did not. */
  | { readonly kind: "unknown" };

/** Above the longest secret, 64 KiB, with each of its bytes escaped. */
const longestLine = 512 * 1024;

export function send(socket: Socket, message: Message): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Hands over messages until the socket closes. @param onMessage gets `undefined` for anything else, once. */
export function receive(socket: Socket, onMessage: (message: Message | undefined) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onMessage(parse(line));
    if (rest.length <= longestLine) return;
    rest = "";
    onMessage(undefined);
  });
}

function parse(line: string): Message | undefined {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined; // Its message would quote the line.
  }
  const { kind, identity, maxAgeMs, text, ageMs }: Record<string, unknown> = Object(said);
  if (kind === "yours" || kind === "unknown") return { kind };
  if (kind === "claim" && typeof identity === "string" && isDuration(maxAgeMs)) {
    return { kind, identity, maxAgeMs };
  }
  if (kind === "known" && typeof text === "string" && isDuration(ageMs)) return { kind, text, ageMs };
  return undefined;
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
