import { crc32c } from "./crc32c.ts";
import { GcpKmsError } from "./failures.ts";
import type { KmsAdditionalData, KmsAnsweredChecksum, KmsClient } from "./kms-client.ts";
import { untilAborted } from "./until-aborted.ts";

/** Milliseconds for one request. The deadline of a read is core's and reaches us as a signal. */
export const requestTimeout = 10_000;

export interface Decryption {
  readonly keyName: string;
  readonly ciphertext: Uint8Array;
  readonly additionalData: Uint8Array | undefined;
}

/**
 * One request, with checksums both ways.
 *
 * @throws GcpKmsError for an answer that does not hold together, and whatever the client throws.
 */
export async function decrypt(
  client: KmsClient,
  { keyName, ciphertext, additionalData }: Decryption,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const request = {
    name: keyName,
    ciphertext,
    ciphertextCrc32c: { value: crc32c(ciphertext) },
    ...withChecksum(additionalData),
  };
  const call = client.decrypt(request, { timeout: requestTimeout, retry: null, signal });
  const [response] = await untilAborted(call, signal).catch((error: unknown) => {
    throw withoutRequest(error);
  });
  return checkedBytes(response?.plaintext, response?.plaintextCrc32c);
}

/** Over REST an error's `cause` holds the whole request: the ciphertext and the token that was sent with it. */
function withoutRequest(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, "cause");
  return error;
}

export function withChecksum(additionalData: Uint8Array | undefined): KmsAdditionalData {
  if (!additionalData) return {};
  return {
    additionalAuthenticatedData: additionalData,
    additionalAuthenticatedDataCrc32c: { value: crc32c(additionalData) },
  };
}

/** @throws GcpKmsError unless there is a checksum and it is that of the bytes. No bytes are zero bytes, as in proto3. */
export function checkedBytes(
  bytes: Uint8Array | string | null | undefined,
  checksum: KmsAnsweredChecksum | null | undefined,
): Uint8Array {
  const expected = checksum?.value;
  if (expected === undefined || expected === null) throw new GcpKmsError("response-incomplete");
  const found = typeof bytes === "string" ? Buffer.from(bytes, "base64") : (bytes ?? new Uint8Array());
  if (String(expected) !== String(crc32c(found))) throw new GcpKmsError("response-damaged");
  return found;
}
