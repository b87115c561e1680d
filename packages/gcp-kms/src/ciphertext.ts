import { decodeBase64 } from "./base64.ts";
import { parseBytesLiteral, parseEscapes } from "./bytes-literal.ts";

/** What a value of the source turned out to be. */
export type CiphertextReading =
  | { readonly kind: "ciphertext"; readonly bytes: Uint8Array }
  /** Nothing about it resembles a ciphertext. */
  | { readonly kind: "plain" }
  /** It resembles one and cannot be read: cut short, altered, or in quotes that something interpreted. */
  | { readonly kind: "malformed" };

const plain: CiphertextReading = { kind: "plain" };

/**
 * Tells ciphertext from other text and decodes it: base64, base64url, or a Python bytes literal, also one whose quotes
 * the shell took. Blanks and line breaks around it, one pair of quotes around it, and line breaks within base64 are
 * ignored.
 *
 * In doubt a value counts as ciphertext: called plain, it would be handed out by whatever stands behind this provider.
 */
export function readCiphertext(value: string): CiphertextReading {
  const literal = unquote(restoreEscapes(value.trimEnd().replace(/^[ \t]+/, "")));
  if (/^[bB]['"]/.test(literal)) return decoded(parseBytesLiteral(literal));
  if (beginsLikeEscapedCiphertext.test(literal)) {
    const body = literal.replace(/^[bB]/, "");
    return decoded(body.startsWith("\\") ? parseUnquoted(body, value) : undefined);
  }
  return readBase64(unquote(value.trim()).replace(/\s+/g, ""));
}

/** The first two bytes, LF and `$`, in any spelling, after at most two other characters. */
const beginsLikeEscapedCiphertext = /^.{0,2}\\(?:n|x0[aA]|0?12)(?:\$|\\x24|\\0?44)/;

function readBase64(text: string): CiphertextReading {
  const bytes = decodeBase64(text);
  if (bytes) return resemblesCiphertext(bytes) ? { kind: "ciphertext", bytes } : plain;
  if (/^Ci[Q-T][\w+/-]{5}/.test(text)) return { kind: "malformed" };
  // One character that base64 does not have must not turn a ciphertext into plain text.
  const repaired = decodeBase64(text.replace(/=+$/, "").replace(/[^\w+/-]/g, "A"));
  return repaired && resemblesCiphertext(repaired) ? { kind: "malformed" } : plain;
}

/**
 * Symmetric ciphertexts of Cloud KMS are a protobuf message: `0A 24` and 36 bytes, then `12`, the length of the rest,
 * and the rest, which begins with 0. The first two bytes suffice. Where they are damaged, the rest does.
 */
function resemblesCiphertext(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x0a && bytes[1] === 0x24) return bytes.length >= 6;
  return bytes[38] === 0x12 && restMatchesLength(bytes);
}

function restMatchesLength(bytes: Uint8Array): boolean {
  let length = 0;
  for (let at = 39, shift = 0; shift <= 21; at++, shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) return false;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return bytes[at + 1] === 0 && bytes.length - at - 1 === length;
  }
  return false;
}

/** Without quotes a blank at the end may be the ciphertext's last byte: its own length says whether it is. */
function parseUnquoted(body: string, value: string): Uint8Array | undefined {
  const blanks = / {0,8}$/.exec(value.replace(/[\r\n]+$/, ""))?.[0].length ?? 0;
  for (let kept = 1; kept <= blanks; kept++) {
    const bytes = parseEscapes(body + " ".repeat(kept));
    if (bytes?.[38] === 0x12 && restMatchesLength(bytes)) return bytes;
  }
  return parseEscapes(body);
}

function decoded(bytes: Uint8Array | undefined): CiphertextReading {
  return bytes ? { kind: "ciphertext", bytes } : { kind: "malformed" };
}

/** `.env` readers turn `\n` and `\r` within double quotes into line breaks. No literal has a line break of its own. */
function restoreEscapes(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

/** `docker --env-file` and the like hand quotes on as part of the value. */
function unquote(text: string): string {
  return /^(["'`]).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
