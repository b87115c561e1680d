import { open, rm, stat } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { connectTo } from "./connect-to.ts";
import type { MeetingPlace } from "./meeting-place.ts";

/** Milliseconds after which a lock was left behind by a process that ended. Taking the lead takes a few. */
const longestLock = 1_000;

/**
 * Listens where processes meet, in place of a leader that has ended.
 *
 * @returns `undefined` if there is a leader, or another process is about to be it.
 * @throws where nothing can be made in the folder.
 */
export async function takeLead(
  place: MeetingPlace,
  serve: (socket: Socket) => void,
): Promise<Server | undefined> {
  // Two that found the same socket deserted must not remove each other's new one.
  if (!(await lock(place.lock))) return undefined;
  try {
    const leader = await connectTo(place.socket);
    if (leader === "busy") return undefined;
    if (leader) return void leader.destroy();
    await rm(place.socket, { force: true });
    return await listen(place.socket, serve);
  } finally {
    await rm(place.lock, { force: true });
  }
}

async function lock(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const held = await stat(path).catch(() => undefined); // Let go of just now.
    // Nor does one that was made in the future stay: clocks are set.
    if (held && Math.abs(Date.now() - held.mtimeMs) > longestLock) await rm(path, { force: true });
    return false;
  }
}

function listen(path: string, serve: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(serve);
    server.on("error", reject);
    // In a cluster, too, it is the leader that listens and nobody in its place.
    server.listen({ path, exclusive: true }, () => resolve(server));
    server.unref();
  });
}
