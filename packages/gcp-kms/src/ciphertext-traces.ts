import { readEscape, restoreEscapes } from "./bytes-literal.ts";
import { holdsEnd, holdsHead } from "./ciphertext-form.ts";

/** No ciphertext is longer, in any spelling. */
const longest = 1 << 19;

/**
 * Whether a ciphertext stands anywhere in a text that is none as a whole: behind a name or a prefix, within JSON, in
 * hexadecimal, in several literals, without its first letters. It takes a head and the body that follows it, which no
 * other text has by chance: one random key of two kilobytes in a hundred thousand.
 */
export function holdsCiphertext(value: string): boolean {
  const text = value.slice(0, longest);
  return inBase64(text) || inEscapes(text) || inHexadecimal(text);
}

function inBase64(text: string): boolean {
  const joined = text.replace(/\\[nr]|\s+/g, "");
  const runs = joined.match(/[\w+/-]{56,}/g) ?? [];
  // One sign that base64 does not have must not turn a ciphertext into plain text.
  const mended = joined.replace(/={1,2}$/, "").replace(/[^\w+/-]/g, "A");
  return [mended, ...runs].some((run) =>
    // Four characters are three bytes, and nobody knows with which of them a run begins.
    ["", "A", "AA", "AAA"].some((lost) => {
      const bytes = Buffer.from(lost + run, "base64");
      return holdsHead(bytes) || holdsEnd(bytes);
    }),
  );
}

function inHexadecimal(text: string): boolean {
  const digits = text.replace(/\\x|0x|[\s:,-]/g, "");
  const runs = digits.match(/[0-9a-f]{80,}/gi) ?? [];
  return runs.some((run) => holdsHead(Buffer.from(run, "hex")) || holdsHead(Buffer.from(`0${run}`, "hex")));
}

/** How far behind its place a body is looked for, in bytes: pieces of a literal have quotes between them. */
const slack = 24;

function inEscapes(text: string): boolean {
  if (!text.includes("\\")) return false;
  const bytes = unescapeLoosely(restoreEscapes(text));
  if (holdsEnd(bytes)) return true;
  for (let at = bytes.indexOf(0x24); at >= 0; at = bytes.indexOf(0x24, at + 1)) {
    if (bytes[at - 1] !== 0x0a) continue;
    // What is printed has no 0x12 unless it was escaped.
    if (bytes.subarray(at + 37, at + 37 + slack).includes(0x12)) return true;
  }
  return false;
}

/** Backslashes that were doubled count as one, and what is no escape stands for itself. */
function unescapeLoosely(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    let next = at;
    while (text[next] === "\\") next += 1;
    const escaped = next > at ? readEscape(text, next) : undefined;
    bytes[length++] = escaped?.byte ?? text.charCodeAt(next);
    at = escaped?.next ?? next + 1;
  }
  return bytes.subarray(0, length);
}
