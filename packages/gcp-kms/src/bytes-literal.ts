const simpleEscapes: Readonly<Record<string, number>> = {
  "\\": 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
};

/**
 * Reads one Python bytes literal, `b'...'` or `b"..."`, to the bytes that Python reads. Nothing is evaluated.
 *
 * Stricter than Python, which only warns of unknown escapes (`\q`) and of octal ones above `\377`: both are refused.
 * So are raw strings, triple quotes, several literals in a row, and line breaks.
 *
 * @returns `undefined` for text that is anything else.
 */
export function parseBytesLiteral(text: string): Uint8Array | undefined {
  const quote = text[1];
  if ((text[0] !== "b" && text[0] !== "B") || (quote !== "'" && quote !== '"')) return undefined;
  if (text.length < 3 || text.at(-1) !== quote) return undefined;
  return parseEscapes(text.slice(2, -1), quote);
}

/** Reads what stands between the quotes. Without `quote`, both kinds may stand there as they are. */
export function parseEscapes(body: string, quote?: string): Uint8Array | undefined {
  const bytes = new Uint8Array(body.length);
  let length = 0;
  for (let at = 0; at < body.length; ) {
    const character = body.charAt(at);
    if (character === "\\") {
      const escaped = readEscape(body, at + 1);
      if (!escaped) return undefined;
      bytes[length++] = escaped.byte;
      at = escaped.next;
      continue;
    }
    if (character === quote || !isPlain(body.charCodeAt(at))) return undefined;
    bytes[length++] = body.charCodeAt(at);
    at += 1;
  }
  return bytes.slice(0, length);
}

export function readEscape(
  body: string,
  at: number,
): { readonly byte: number; readonly next: number } | undefined {
  const letter = body.charAt(at);
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) return { byte: simple, next: at + 1 };
  if (letter === "x") {
    const digits = body.slice(at + 1, at + 3);
    return /^[0-9a-fA-F]{2}$/.test(digits) ? { byte: Number.parseInt(digits, 16), next: at + 3 } : undefined;
  }
  const digits = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))?.[0];
  if (digits === undefined) return undefined;
  const byte = Number.parseInt(digits, 8);
  return byte <= 0xff ? { byte, next: at + digits.length } : undefined;
}

function isPlain(code: number): boolean {
  return code > 0 && code < 0x80 && code !== 0x0a && code !== 0x0d;
}

/** `.env` readers turn `\n` and `\r` within double quotes into line breaks. No literal has a line break of its own. */
export function restoreEscapes(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}
