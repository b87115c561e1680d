import type { StartedProcess } from "./process.ts";

/** The parent's side of `processes/upstream-process.ts`. */
export interface UpstreamCount {
  readonly connections: number;
  /** Bytes that the system took. */
  readonly sent: number;
}

export async function connectionsOf(upstream: StartedProcess): Promise<number> {
  return (await count(upstream)).connections;
}

export async function sentBy(upstream: StartedProcess): Promise<number> {
  return (await count(upstream)).sent;
}

/** Sends the next event of every stream that is held. */
export async function sendEvent(upstream: StartedProcess): Promise<void> {
  await upstream.ask("event");
}

function count(upstream: StartedProcess): Promise<UpstreamCount> {
  return upstream.ask("count") as Promise<UpstreamCount>;
}
