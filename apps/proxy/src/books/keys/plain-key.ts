import { hash, randomBytes } from "node:crypto";

/** What a key is stored and looked up as: its SHA-256, in hexadecimal, as LiteLLM does it. */
export function tokenOf(plainKey: string): string {
  return hash("sha256", plainKey, "hex");
}

/** A key nobody can guess: 24 random bytes. */
export function generatePlainKey(): string {
  return `sk-${randomBytes(24).toString("base64url")}`;
}

/** By which people recognise a key: `sk-...Ab12`. */
export function shownName(plainKey: string): string {
  return `sk-...${plainKey.slice(-4)}`;
}

/** A key as a caller of the API names it: itself, or its hash. */
export function tokenFrom(keyOrToken: string): string {
  return /^[0-9a-f]{64}$/.test(keyOrToken) ? keyOrToken : tokenOf(keyOrToken);
}
