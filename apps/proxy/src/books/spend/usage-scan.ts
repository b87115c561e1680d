import { readUsage, type Usage } from "../prices/usage.ts";

const pattern = Buffer.from('"usage"');
const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const colon = 0x3a;
/** More than any provider's usage. */
const longest = 16 * 1024;

/**
 * Finds what an answer says of its usage while it passes by, as an object or as events: the last `"usage"` that holds
 * counts. Nothing else of it is read, and no more of it is kept than the beginning of such a thing at a chunk's end.
 */
export class UsageScan {
  #usage: Usage | undefined;
  #kept: Buffer | undefined;

  get usage(): Usage | undefined {
    return this.#usage;
  }

  see(chunk: Buffer): void {
    const bytes = this.#kept === undefined ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = undefined;
    let at = bytes.indexOf(pattern);
    while (at !== -1) {
      const end = endOfObject(bytes, at + pattern.length);
      if (end === unfinished) {
        if (bytes.length - at <= longest) this.#kept = copy(bytes, at);
        return;
      }
      if (end !== none) this.#read(bytes, at, end);
      at = bytes.indexOf(pattern, at + pattern.length);
    }
    const start = startOfPattern(bytes);
    if (start !== -1) this.#kept = copy(bytes, start);
  }

  #read(bytes: Buffer, at: number, end: number): void {
    try {
      const { usage }: { usage: unknown } = JSON.parse(`{${bytes.toString("utf8", at, end)}}`);
      this.#usage = readUsage(usage, this.#usage) ?? this.#usage;
    } catch {
      // Not JSON, so not an answer's usage.
    }
  }
}

const none = -1;
const unfinished = -2;

/** The index behind the object that follows a key; `none` when something else follows, `unfinished` for a part. */
function endOfObject(bytes: Buffer, from: number): number {
  let at = skipSpace(bytes, from);
  if (at < bytes.length && bytes[at] !== colon) return none;
  at = skipSpace(bytes, at + 1);
  if (at < bytes.length && bytes[at] !== openBrace) return none;
  let depth = 0;
  for (let inString = false; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) inString = !inString;
    else if (inString) at += byte === backslash ? 1 : 0;
    else if (byte === openBrace) depth++;
    else if (byte === closeBrace && --depth === 0) return at + 1;
  }
  return unfinished;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x20) at++;
  return at;
}

/** Where the bytes end in a beginning of the pattern. */
function startOfPattern(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - pattern.length + 1);
  for (let at = bytes.indexOf(quote, from); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    const length = bytes.length - at;
    if (pattern.compare(bytes, at, bytes.length, 0, length) === 0) return at;
  }
  return -1;
}

/** A part of its own, so that the rest of the chunk is free. */
function copy(bytes: Buffer, from: number): Buffer {
  return Buffer.from(bytes.subarray(from));
}
