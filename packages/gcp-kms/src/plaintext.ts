import { GcpKmsError } from "./failures.ts";

/** Text exactly as it was encrypted: nothing is trimmed, a byte order mark stays. @throws GcpKmsError unless UTF-8. */
export function decodeText(bytes: Uint8Array, name?: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's error says no more than this.
    throw new GcpKmsError("plaintext-not-text", name);
  }
}

/** What to encrypt. @throws GcpKmsError for what could not be read back: too much, or not UTF-8. */
export function encodeText(plaintext: string | Uint8Array, name: string): Uint8Array {
  if (typeof plaintext === "string" && !plaintext.isWellFormed()) {
    throw new GcpKmsError("plaintext-not-text", name);
  }
  const bytes = typeof plaintext === "string" ? new TextEncoder().encode(plaintext) : plaintext;
  decodeText(bytes, name);
  if (bytes.length > 65_536) throw new GcpKmsError("plaintext-too-long", name);
  return bytes;
}
