import { createConnection, type Socket } from "node:net";

/** What a connection fails with where no process listens, or where one has just ceased to. */
const desertion: readonly unknown[] = ["ENOENT", "ECONNREFUSED", "ECONNRESET"];

/**
 * Connects to whoever listens on a socket.
 *
 * @returns `undefined` where nobody does, and `"busy"` where in doubt somebody does: what is in use is not to be removed.
 */
export function connectTo(path: string): Promise<Socket | "busy" | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once("connect", () => resolve(socket));
    socket.on("error", (error) =>
      resolve("code" in error && desertion.includes(error.code) ? undefined : "busy"),
    );
  });
}
