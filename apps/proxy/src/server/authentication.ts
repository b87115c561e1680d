import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isLocalRequest } from "./foreign-request.ts";

/** Whether whoever sends these headers may ask. */
export type Authentication = (headers: IncomingHttpHeaders) => boolean;

/**
 * Compares with the master key, of which only a hash is kept, in constant time. The key comes as OpenAI's clients
 * send it (`Authorization: Bearer`), as Azure's (`api-key`) or as Anthropic's (`x-api-key`).
 * Without a master key everybody on this machine may ask.
 */
export function authentication(masterKey: string | undefined): Authentication {
  if (masterKey === undefined) return isLocalRequest;
  const isMasterKey = comparison(masterKey);
  return (headers) => {
    const key = presentedKey(headers);
    return key !== undefined && isMasterKey(key);
  };
}

/** Whether a text is this key. Takes the same time for every text. */
export function comparison(masterKey: string): (key: string) => boolean {
  const expected = hash("sha256", masterKey, "buffer");
  return (key) => timingSafeEqual(hash("sha256", key, "buffer"), expected);
}

/** The key as it was sent, wherever clients put it. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+)\s*$/i.exec(authorization)?.[1];
  const key = headers["x-api-key"] ?? headers["api-key"];
  return typeof key === "string" ? key : undefined;
}
