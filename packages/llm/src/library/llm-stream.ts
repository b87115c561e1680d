import { EventReader } from "./event-reader.ts";
import type { Reply } from "./reply.ts";

/**
 * An answer in parts, as they come. Leaving the loop, or `cancel`, ends the upstream's work; a reader that is slow
 * slows it down. Can be iterated once.
 */
export interface LlmStream<T> extends AsyncIterable<T>, AsyncDisposable {
  cancel(): void;
}

/** @param redact masks what an upstream says of an error in the middle of a stream */
export function createStream<T>(reply: Reply, redact: (text: string) => string): LlmStream<T> {
  const parts = read<T>(reply, redact);
  return {
    [Symbol.asyncIterator]: () => parts,
    cancel: () => reply.cancel(),
    async [Symbol.asyncDispose]() {
      reply.cancel();
    },
  };
}

async function* read<T>(reply: Reply, redact: (text: string) => string): AsyncGenerator<T, void, undefined> {
  const events = new EventReader();
  try {
    for (let chunk = await reply.next(); chunk !== undefined; chunk = await reply.next()) {
      for (const data of events.push(chunk)) {
        if (data === "[DONE]") return;
        yield parse<T>(data, reply, redact);
      }
    }
  } finally {
    reply.cancel();
  }
}

function parse<T>(data: string, reply: Reply, redact: (text: string) => string): T {
  let part: unknown;
  try {
    part = JSON.parse(data);
  } catch {
    // What JSON.parse says quotes the text.
    throw reply.error("upstream_invalid", "an event of its stream is not JSON");
  }
  if (isError(part)) throw reply.error("upstream_interrupted", redact(data));
  return part as T;
}

/** OpenAI's chat streams fail with an `error` and nothing else, its responses with an event of that type. */
function isError(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  return (
    ("type" in part && part.type === "error") || ("error" in part && isObject(part.error) && !("id" in part))
  );
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
