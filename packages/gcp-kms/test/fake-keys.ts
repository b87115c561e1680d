import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { KmsStatus, status } from "./kms-status.ts";
import { crc32c } from "./reference-crc32c.ts";

type VersionState = "ENABLED" | "DISABLED" | "DESTROYED";

interface KeyVersion {
  readonly id: Buffer;
  readonly secret: Buffer;
  state: VersionState;
}

/** What both transports hand over, with bytes as bytes and checksums as decimal text or undefined. */
export interface CryptRequest {
  readonly name: string;
  readonly data: Buffer;
  readonly dataChecksum: string | undefined;
  readonly additionalAuthenticatedData: Buffer;
  readonly additionalAuthenticatedDataChecksum: string | undefined;
}

export interface EncryptAnswer {
  readonly name: string;
  readonly ciphertext: Buffer;
  readonly ciphertextCrc32c: string;
  readonly verifiedPlaintextCrc32c: boolean;
  readonly verifiedAdditionalAuthenticatedDataCrc32c: boolean;
}

export interface DecryptAnswer {
  readonly plaintext: Buffer;
  readonly plaintextCrc32c: string;
  readonly usedPrimary: boolean;
}

/**
 * Symmetric keys with versions that really encrypt, in the outer form of the service's own ciphertexts:
 * field 1 with 36 bytes that name the key version, field 2 with nonce, AES-256-GCM text and tag.
 */
export class FakeKeys {
  readonly #keys = new Map<string, KeyVersion[]>();

  create(name: string): void {
    this.#keys.set(name, []);
    this.rotate(name);
  }

  rotate(name: string): void {
    const id = Buffer.concat([Buffer.of(0), randomBytes(35)]);
    this.#versions(name).push({ id, secret: randomBytes(32), state: "ENABLED" });
  }

  /** `version` counts from 1, as the service's does. */
  setState(name: string, version: number, state: VersionState): void {
    const found = this.#versions(name)[version - 1];
    if (!found) throw new Error("no such key version");
    found.state = state;
  }

  encrypt(request: CryptRequest): EncryptAnswer {
    const versions = this.#versions(request.name);
    const primary = versions.length;
    const version = versions[primary - 1];
    if (!version) throw new Error("a key without versions");
    checkSum("plaintext", request.data, request.dataChecksum);
    checkAdditional(request);
    requireEnabled(request.name, primary, version);
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", version.secret, nonce);
    cipher.setAAD(request.additionalAuthenticatedData);
    const text = Buffer.concat([cipher.update(request.data), cipher.final()]);
    const body = Buffer.concat([Buffer.of(0), nonce, text, cipher.getAuthTag()]);
    const head = [Buffer.of(0x0a, version.id.length), version.id, Buffer.of(0x12), varint(body.length)];
    const ciphertext = Buffer.concat([...head, body]);
    return {
      name: `${request.name}/cryptoKeyVersions/${primary}`,
      ciphertext,
      ciphertextCrc32c: String(crc32c(ciphertext)),
      verifiedPlaintextCrc32c: request.dataChecksum !== undefined,
      verifiedAdditionalAuthenticatedDataCrc32c: request.additionalAuthenticatedDataChecksum !== undefined,
    };
  }

  decrypt(request: CryptRequest): DecryptAnswer {
    const versions = this.#versions(request.name);
    checkSum("ciphertext", request.data, request.dataChecksum);
    checkAdditional(request);
    const { id, body } = split(request.data);
    const index = versions.findIndex((version) => version.id.equals(id));
    const version = versions[index];
    if (!version) throw new KmsStatus(status.invalidArgument, wrongKey);
    requireEnabled(request.name, index + 1, version);
    const decipher = createDecipheriv("aes-256-gcm", version.secret, body.subarray(1, 13));
    decipher.setAAD(request.additionalAuthenticatedData);
    decipher.setAuthTag(body.subarray(-16));
    const plaintext = decipherAll(decipher, body.subarray(13, -16));
    return {
      plaintext,
      plaintextCrc32c: String(crc32c(plaintext)),
      usedPrimary: index === versions.length - 1,
    };
  }

  #versions(name: string): KeyVersion[] {
    const versions = this.#keys.get(name);
    if (versions) return versions;
    const ring = name.replace(/\/cryptoKeys\/.*$/, "");
    const ringExists = [...this.#keys.keys()].some((key) => key.startsWith(`${ring}/`));
    throw new KmsStatus(
      status.notFound,
      ringExists ? `CryptoKey ${name} not found.` : `KeyRing ${ring} not found.`,
    );
  }
}

const wrongKey = "Decryption failed: verify that 'name' refers to the correct CryptoKey.";
const invalidText = "Decryption failed: the ciphertext is invalid.";

function requireEnabled(name: string, number: number, version: KeyVersion): void {
  if (version.state === "ENABLED") return;
  throw new KmsStatus(
    status.failedPrecondition,
    `${name}/cryptoKeyVersions/${number} is not enabled, current state is: ${version.state}.`,
  );
}

function checkSum(field: string, data: Buffer, checksum: string | undefined): void {
  if (checksum === undefined || checksum === String(crc32c(data))) return;
  throw new KmsStatus(
    status.invalidArgument,
    `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
  );
}

function checkAdditional(request: CryptRequest): void {
  checkSum(
    "additional_authenticated_data",
    request.additionalAuthenticatedData,
    request.additionalAuthenticatedDataChecksum,
  );
}

function split(ciphertext: Buffer): { readonly id: Buffer; readonly body: Buffer } {
  const invalid = new KmsStatus(status.invalidArgument, invalidText);
  if (ciphertext[0] !== 0x0a || ciphertext[1] !== 0x24 || ciphertext[38] !== 0x12) throw invalid;
  let length = 0;
  let at = 39;
  for (let shift = 0; ; shift += 7) {
    const byte = ciphertext[at++];
    if (byte === undefined || shift > 21) throw invalid;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const body = ciphertext.subarray(at);
  if (body.length !== length || length < 29 || body[0] !== 0) throw invalid;
  return { id: ciphertext.subarray(2, 38), body };
}

function decipherAll(decipher: ReturnType<typeof createDecipheriv>, text: Buffer): Buffer {
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch {
    // The service does not say whether the text or the additional data is what did not match.
    throw new KmsStatus(status.invalidArgument, "Decryption failed.");
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) return Buffer.from(bytes);
  }
}
