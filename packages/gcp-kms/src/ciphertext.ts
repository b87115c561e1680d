import { decodeBase64 } from "./base64.ts";
import { parseBytesLiteral, parseEscapes, restoreEscapes } from "./bytes-literal.ts";
import { bodyFills, resemblesCiphertext } from "./ciphertext-form.ts";
import { holdsCiphertext } from "./ciphertext-traces.ts";

/** What a value of the source turned out to be. */
export type CiphertextReading =
  | { readonly kind: "ciphertext"; readonly bytes: Uint8Array }
  /** Nothing about it resembles a ciphertext. */
  | { readonly kind: "plain" }
  /** It resembles one and cannot be read: cut short, altered, or in quotes that something interpreted. */
  | { readonly kind: "malformed" };

const plain: CiphertextReading = { kind: "plain" };
const malformed: CiphertextReading = { kind: "malformed" };

/**
 * Tells ciphertext from other text and decodes it: base64, base64url, or a Python bytes literal, also one whose quotes
 * the shell took, or one of base64. Blanks, line breaks and pairs of quotes around it, and line breaks within base64
 * are ignored.
 *
 * In doubt a value counts as ciphertext: called plain, it would be handed out by whatever stands behind this provider.
 */
export function readCiphertext(value: string): CiphertextReading {
  const text = unwrap(value);
  const found = readLiteral(text, value) ?? readBase64(text);
  if (found.kind !== "plain") return found;
  return beginsLikeCiphertext.some((form) => form.test(text)) || holdsCiphertext(value) ? malformed : plain;
}

/** The first two bytes, LF and `$`, in any spelling, behind the remains of a prefix and of quotes. */
const beginsLikeEscapedCiphertext = /^[\s"'`(“‘]*.{0,2}["'`]?\\(?:n|x0[aA]|0?12)(?:\$|\\x24|\\0?44)/;

/** The same in a literal anywhere, in base64 behind a name or a quote, and in hexadecimal with the 0 that follows. */
const beginsLikeCiphertext = [
  /[bB]\\*["']\\+(?:n|x0[aA]|0?12)(?:\$|\\+x24|\\+0?44)/,
  /(?:^[^\w+/]*|[=:("'`“‘{[,])[bBrR]{0,2}["'`]?Ci[Q-T][\w+/-]{5}/,
  /^\W*(?:0x)?0a[\s:,-]?24[\s:,-]?00/i,
];

function readLiteral(text: string, value: string): CiphertextReading | undefined {
  const literal = restoreEscapes(text);
  if (/^[bB]['"]/.test(literal)) {
    const bytes = parseBytesLiteral(literal);
    // A password may begin like a literal. What Python prints of a ciphertext has escapes.
    if (!bytes) return literal.includes("\\") ? malformed : undefined;
    const base64 = readBase64(Buffer.from(bytes).toString("latin1").trim());
    return base64.kind === "ciphertext" ? base64 : { kind: "ciphertext", bytes };
  }
  if (!beginsLikeEscapedCiphertext.test(literal)) return undefined;
  const body = literal.replace(/^[bB]/, "");
  const bytes = body.startsWith("\\") ? parseUnquoted(body, value) : undefined;
  return bytes && resemblesCiphertext(bytes) ? { kind: "ciphertext", bytes } : malformed;
}

function readBase64(text: string): CiphertextReading {
  // The shell makes `bCiQ...` of what Python prints of base64.
  const joined = text.replace(/\s+/g, "").replace(/^[bB](?=Ci[Q-T])/, "");
  const bytes = decodeBase64(joined);
  return bytes && resemblesCiphertext(bytes) ? { kind: "ciphertext", bytes } : plain;
}

/** Without quotes a blank at the end may be the ciphertext's last byte: its own length says whether it is. */
function parseUnquoted(body: string, value: string): Uint8Array | undefined {
  const line = value.replace(/[\r\n]+$/, "");
  const blanks = Math.min(line.length - line.trimEnd().length, 8);
  for (let kept = 1; kept <= blanks; kept++) {
    const bytes = parseEscapes(body + " ".repeat(kept));
    if (bytes && bodyFills(bytes)) return bytes;
  }
  return parseEscapes(body);
}

const blanks = /^[\s\u200b-\u200d\u2060]+/;

/**
 * Without the blanks and the pairs of quotes around it, which `docker --env-file` and the like hand on as part of the
 * value. A line break in front may be the ciphertext's first byte.
 */
function unwrap(value: string): string {
  let text = value;
  for (let pairs = 0; pairs <= 3; pairs++) {
    text = text
      .trimEnd()
      .replace(/^\n(?=\$)/, "\\n")
      .replace(blanks, "");
    const pair = /^(["'`]).*\1$/s.test(text) || /^[“‘].*[”’]$/s.test(text);
    if (!pair || text.length < 2) break;
    text = text.slice(1, -1);
  }
  return text;
}
