import { createHash } from "node:crypto";
import type { Decryption } from "../decrypt.ts";

/**
 * Everything that selects the result, each part with its length, so that no two decryptions share an identity. It can
 * be told without telling the ciphertext.
 *
 * @param service who decrypts: a stand-in's answers are not Cloud KMS's.
 */
export function identityOf({ keyName, ciphertext, additionalData }: Decryption, service: string): string {
  const hash = createHash("sha256");
  for (const part of [Buffer.from(service), Buffer.from(keyName), ciphertext, additionalData]) {
    hash.update(`${part?.length};`);
    if (part) hash.update(part);
  }
  return hash.digest("base64url");
}
