/**
 * Reads base64 in the standard or the URL-safe alphabet, with or without padding. Strict where Node is lenient: the
 * alphabets do not mix, padding is right or absent, and the bits left over are zero, so that no change of a character
 * goes unnoticed.
 *
 * @returns `undefined` for text that is anything else.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const encoding = /[-_]/.test(text) ? "base64url" : "base64";
  const bytes = Buffer.from(text, encoding);
  const bare = text.replace(/={1,2}$/, "");
  if (bare !== text && text.length % 4 !== 0) return undefined;
  if (bytes.toString(encoding).replace(/=+$/, "") !== bare) return undefined;
  return new Uint8Array(bytes);
}
