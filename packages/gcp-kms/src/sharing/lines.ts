import type { Socket } from "node:net";
import type { Answer, Request } from "./messages.ts";

/** Above the longest secret, 64 KiB, with each of its bytes escaped. */
const longestLine = 512 * 1024;

/** One message is one line of JSON. */
export function sendLine(socket: Socket, message: Request | Answer): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Hands over what `parse` makes of each line. The first that it can make nothing of ends the connection. */
export function receiveLines<T>(
  socket: Socket,
  parse: (line: string) => T | undefined,
  hear: (message: T) => void,
): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = parse(line);
      if (message === undefined) return void socket.destroy();
      hear(message);
    }
    if (rest.length > longestLine) socket.destroy();
  });
}
