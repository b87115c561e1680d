import { constants, open } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";

/** The content of a file, or of a named pipe once somebody has written it and closed it. */
export async function readBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  return (await stat(path)).isFIFO() ? readPipe(path, signal) : readFile(path, { signal });
}

/**
 * To open a pipe that nobody writes to, or to read it, would hold one of the few threads that Node has for files and
 * host names, and no signal would get it back: after four such reads the process opens no file any more. So the pipe
 * is opened without waiting, and its content is waited for as a socket's is.
 */
async function readPipe(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // Closes what it was given when it ends, also if the signal has aborted meanwhile.
  return buffer(new Socket({ fd, readable: true, writable: false, signal }));
}
