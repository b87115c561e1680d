const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

/** A part of a buffer, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text is not the JSON object that was expected. `offset` counts bytes. */
export class JsonScanError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Finds the members of a JSON object without building them: each key without its quotes, each value as it stands.
 * Strict about the object itself, blind to what is inside its values. Keys with escapes are refused: two parsers
 * must not read two names from one.
 *
 * @throws JsonScanError
 */
export function scanObject(bytes: Buffer, member: (key: Span, value: Span) => void): void {
  let at = skipSpace(bytes, 0);
  expect(bytes, at, openBrace, "an object");
  at = skipSpace(bytes, at + 1);
  if (bytes[at] !== closeBrace) {
    for (;;) {
      expect(bytes, at, quote, "a key");
      const key = { start: at + 1, end: endOfString(bytes, at) - 1 };
      refuseEscapes(bytes, key);
      at = skipSpace(bytes, key.end + 1);
      expect(bytes, at, colon, "a colon");
      const start = skipSpace(bytes, at + 1);
      const end = endOfValue(bytes, start);
      member(key, { start, end });
      at = skipSpace(bytes, end);
      if (bytes[at] !== comma) break;
      at = skipSpace(bytes, at + 1);
    }
    expect(bytes, at, closeBrace, "a comma or the end of the object");
  }
  if (skipSpace(bytes, at + 1) < bytes.length) throw new JsonScanError("the end", at + 1);
}

function refuseEscapes(bytes: Buffer, { start, end }: Span): void {
  for (let at = start; at < end; at++) {
    if (bytes[at] === backslash) throw new JsonScanError("a key without escapes", at);
  }
}

function expect(bytes: Buffer, at: number, byte: number, wanted: string): void {
  if (bytes[at] !== byte) throw new JsonScanError(wanted, at);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
  }
}

function endOfValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === quote) return endOfString(bytes, start);
  if (first === openBrace || first === openBracket) return endOfNested(bytes, start);
  let at = start;
  while (at < bytes.length && !endsScalar(bytes[at])) at++;
  if (at === start) throw new JsonScanError("a value", at);
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || (byte ?? 0) <= 0x20;
}

function endOfNested(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfString(bytes, at);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth++;
    if (byte === closeBrace || byte === closeBracket) depth--;
    at++;
    if (depth === 0) return at;
  }
  throw new JsonScanError("the end of a value", bytes.length);
}

/** The index behind the closing quote of the string that opens at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(quote, start + 1); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    let before = at - 1;
    while (bytes[before] === backslash) before--;
    // An even number of backslashes are escaped backslashes; an odd one escapes the quote.
    if ((at - before) % 2 === 1) return at + 1;
  }
  throw new JsonScanError("the end of a string", bytes.length);
}
