import type { IncomingMessage } from "node:http";

/**
 * Gathers a request's body. `done` is called once: with the bytes, or with `undefined` as soon as there are more
 * than `limit` of them; not at all when the client goes before the end.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Buffer | undefined) => void,
): void {
  if (Number(request.headers["content-length"]) > limit) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size - chunk.length <= limit) {
      chunks.length = 0;
      done(undefined);
    }
  });
  request.on("end", () => {
    const [first] = chunks;
    if (size <= limit) done(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
  });
}
