import { createInterface } from "node:readline";

/** The port that a `keyward` says it listens on; `undefined` if it ends before. Its further output is let go. */
export async function announcedPort(output: NodeJS.ReadableStream): Promise<number | undefined> {
  for await (const line of createInterface(output)) {
    const port = /listens on http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      output.resume();
      return Number(port);
    }
  }
  return undefined;
}
