import { additionalDataFor } from "./additional-data.ts";
import { readCiphertext } from "./ciphertext.ts";
import { reasonOf } from "./classify.ts";
import type { Connection } from "./connection.ts";
import { crc32c } from "./crc32c.ts";
import { checkedBytes, requestTimeout, withChecksum } from "./decrypt.ts";
import { GcpKmsError } from "./failures.ts";
import { checkOptionTypes, kmsOptionTypes } from "./option-types.ts";
import { type KmsOptions, settingsFrom } from "./options.ts";
import { encodeText } from "./plaintext.ts";
import { untilAborted } from "./until-aborted.ts";

export interface EncryptOptions extends KmsOptions {
  /** The variable that the ciphertext is for. Bound to it with `additionalAuthenticatedData: "name"`. */
  readonly name: string;
  /** Encrypted as it is, a final line break included. At most 64 KiB of UTF-8; with a key in hardware, 8 KiB. */
  readonly plaintext: string | Uint8Array;
  /** Ends the wait before its 20 seconds are over. */
  readonly signal?: AbortSignal;
}

const optionTypes = {
  name: "string",
  plaintext: "any",
  signal: "object",
  ...kmsOptionTypes,
} as const satisfies Record<keyof EncryptOptions, string>;

/** Milliseconds for one encryption, loading the credentials included. */
const encryptionTimeout = 20_000;

/**
 * Encrypts one secret. What it takes, loading the credentials included, ends after 20 seconds at the latest, or when
 * `signal` aborts.
 *
 * @returns the ciphertext in base64, on one line: what stands behind `NAME=` in a `.env` file.
 * @throws TypeError for options that cannot work, the signal's reason, and otherwise GcpKmsError, whose message names
 * the variable and the remedy and holds nothing secret. After 20 seconds its reason is `timeout`.
 */
export async function encrypt(options: EncryptOptions): Promise<string> {
  const deadline = new AbortController();
  // Not `AbortSignal.timeout`, which would let a process that waits for nothing else end in silence.
  const timer = setTimeout(() => deadline.abort(), encryptionTimeout);
  try {
    return await encryptUntil(deadline.signal, options);
  } finally {
    clearTimeout(timer);
  }
}

/** Encrypts, unless `deadline` comes first. */
export async function encryptUntil(deadline: AbortSignal, options: EncryptOptions): Promise<string> {
  checkOptionTypes(options, optionTypes);
  const { name, signal } = options;
  const { keyName, connection, additionalData } = settingsFrom(options);
  const plaintext = encodeText(options.plaintext, name);
  try {
    signal?.throwIfAborted();
    const ciphertext = await request(
      connection,
      keyName,
      plaintext,
      additionalDataFor(name, additionalData),
      signal ? AbortSignal.any([signal, deadline]) : deadline,
    );
    return Buffer.from(ciphertext).toString("base64");
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (deadline.aborted) throw new GcpKmsError("timeout", name);
    // The client's errors hold the request, over REST even with what was sent.
    throw new GcpKmsError(reasonOf(error) ?? "service-error", name);
  } finally {
    await connection.close();
  }
}

async function request(
  connection: Connection,
  keyName: string,
  plaintext: Uint8Array,
  additionalData: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const client = await untilAborted(connection.client(), signal);
  const call = client.encrypt(
    {
      name: keyName,
      plaintext,
      plaintextCrc32c: { value: crc32c(plaintext) },
      ...withChecksum(additionalData),
    },
    { timeout: requestTimeout, retry: null, signal },
  );
  const [response] = await untilAborted(call, signal);
  const ciphertext = checkedBytes(response?.ciphertext, response?.ciphertextCrc32c);
  const verified =
    response.verifiedPlaintextCrc32c === true &&
    (!additionalData || response.verifiedAdditionalAuthenticatedDataCrc32c === true);
  if (!verified) throw new GcpKmsError("request-damaged");
  const text = Buffer.from(ciphertext).toString("base64");
  // What the provider would not recognise later must not be stored now.
  if (readCiphertext(text).kind !== "ciphertext") throw new GcpKmsError("response-incomplete");
  return ciphertext;
}
