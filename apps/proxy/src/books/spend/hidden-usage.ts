import { readUsage } from "../prices/usage.ts";

const nothing = Buffer.alloc(0);
const signs = [Buffer.from('"choices":[]'), Buffer.from('"choices": []')];
/** More than the event that is looked for: a longer one is not held back. */
const longest = 64 * 1024;

/**
 * Takes the event out of a stream that holds only its usage, for a client that did not ask for one: it would find no
 * choice in it where it expects one. An event that has not come whole is held back until it has.
 */
export class HiddenUsage {
  #held: Buffer = nothing;
  /** In the middle of an event that was too long to hold. */
  #through = false;

  /** What of the stream so far the client may have. */
  pass(chunk: Buffer): Buffer {
    if (this.#through) {
      const end = endOfEvent(chunk, 0);
      if (end === -1) return chunk;
      this.#through = false;
      return Buffer.concat([chunk.subarray(0, end), this.pass(chunk.subarray(end))]);
    }
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = endOfLastEvent(bytes);
    this.#held = bytes.subarray(end);
    if (this.#held.length > longest) {
      this.#through = true;
      this.#held = nothing;
      return bytes;
    }
    const whole = bytes.subarray(0, end);
    return signs.some((sign) => whole.includes(sign)) ? withoutUsage(whole) : whole;
  }

  /** What is left at the end of the stream. */
  rest(): Buffer {
    const held = this.#held;
    this.#held = nothing;
    return held;
  }
}

function withoutUsage(events: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let start = 0; start < events.length; ) {
    const found = endOfEvent(events, start);
    const end = found === -1 ? events.length : found;
    const event = events.subarray(start, end);
    if (!isUsageAlone(event)) kept.push(event);
    start = end;
  }
  return Buffer.concat(kept);
}

function isUsageAlone(event: Buffer): boolean {
  if (!signs.some((sign) => event.includes(sign))) return false;
  const lines = event.toString().split(/\r?\n/);
  const data = lines.flatMap((line) => (line.startsWith("data:") ? [line.slice("data:".length)] : []));
  try {
    const body: { choices?: unknown; usage?: unknown } = JSON.parse(data.join("\n"));
    return Array.isArray(body.choices) && body.choices.length === 0 && readUsage(body.usage) !== undefined;
  } catch {
    // Whatever it is, it is not the event that is looked for.
    return false;
  }
}

function endOfEvent(bytes: Buffer, from: number): number {
  const short = bytes.indexOf("\n\n", from);
  const long = bytes.indexOf("\r\n\r\n", from);
  if (short === -1) return long === -1 ? -1 : long + 4;
  return long !== -1 && long < short ? long + 4 : short + 2;
}

function endOfLastEvent(bytes: Buffer): number {
  const short = bytes.lastIndexOf("\n\n");
  const long = bytes.lastIndexOf("\r\n\r\n");
  return Math.max(short === -1 ? 0 : short + 2, long === -1 ? 0 : long + 4);
}
