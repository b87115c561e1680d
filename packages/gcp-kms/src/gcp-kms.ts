import type { ReadContext, SecretProvider, SecretReading } from "@keyward/core";
import { additionalDataFor } from "./additional-data.ts";
import { readCiphertext } from "./ciphertext.ts";
import { classify, reasonOf } from "./classify.ts";
import { decrypt } from "./decrypt.ts";
import { environmentSource } from "./environment-source.ts";
import { GcpKmsError } from "./failures.ts";
import type { KmsClient } from "./kms-client.ts";
import { checkOptionTypes, kmsOptionTypes } from "./option-types.ts";
import { type GcpKmsOptions, settingsFrom } from "./options.ts";
import { decodeText } from "./plaintext.ts";
import { decryptionMemory } from "./reuse/decryption-memory.ts";
import { type Decrypt, reuseDecryptions } from "./reuse/reuse-decryptions.ts";
import { shareFolderFrom } from "./sharing/share-folder.ts";
import { shareDecryptions } from "./sharing/sharing.ts";
import { untilAborted } from "./until-aborted.ts";

const optionTypes = {
  ...kmsOptionTypes,
  source: "object",
  plainValues: "string",
  reuseForMs: "number",
  shareFolder: "string",
} as const satisfies Record<keyof GcpKmsOptions, string>;

/** As long as core keeps a value. */
const defaultReuseForMs = 300_000;

/**
 * A provider made from a provider: `source` holds ciphertexts, Google Cloud KMS decrypts them.
 *
 * A value of the source that is no ciphertext is *absent* here. One that resembles a ciphertext and does not decrypt
 * is a failure: a ciphertext is never handed out.
 *
 * @throws TypeError for options that cannot work, before anything is loaded or sent.
 */
export function gcpKms(options: GcpKmsOptions = {}): SecretProvider {
  checkOptionTypes(options, optionTypes);
  const { keyName, connection, additionalData, environment } = settingsFrom(options);
  const { plainValues = "absent", reuseForMs = defaultReuseForMs } = options;
  if (plainValues !== "absent" && plainValues !== "refuse") {
    throw new TypeError('Google Cloud KMS: plainValues is "absent" or "refuse".');
  }
  if (!(reuseForMs >= 0)) {
    throw new TypeError("Google Cloud KMS: reuseForMs is a number of milliseconds, or 0.");
  }
  const source = options.source ?? environmentSource(environment);
  const sourceErrors = new WeakSet<object>();

  const ask: Decrypt = async (decryption, signal) => {
    let client: KmsClient | undefined;
    try {
      client = await untilAborted(connection.client(), signal);
      return decodeText(await decrypt(client, decryption, signal));
    } catch (error) {
      if (signal.aborted) connection.leave(client);
      else if (client && reasonOf(error) === "unreachable") connection.forget(client);
      throw error;
    }
  };
  const memory = decryptionMemory(reuseForMs);
  const shareFolder = shareFolderFrom(options, environment);
  const sharing = shareFolder === undefined ? undefined : shareDecryptions(shareFolder, memory, reuseForMs);
  const { service } = connection;
  const open = reuseForMs > 0 ? reuseDecryptions(ask, { memory, service, sharing }) : ask;

  async function readSource(key: string, context: ReadContext): Promise<SecretReading | undefined> {
    try {
      return await untilAborted(source.readSecret(key, context), context.signal);
    } catch (error) {
      if (typeof error === "object" && error !== null) sourceErrors.add(error);
      throw error;
    }
  }

  return {
    name: `google-kms(${keyName})`,

    async readSecret(key, context) {
      connection.check();
      context.signal.throwIfAborted();
      const reading = await readSource(key, context);
      if (!reading) return undefined;
      const found = readCiphertext(reading.value);
      if (found.kind === "malformed") throw new GcpKmsError("ciphertext-malformed", key);
      if (found.kind === "plain") {
        if (plainValues === "refuse") throw new GcpKmsError("not-ciphertext", key);
        return undefined;
      }
      const decryption = {
        keyName,
        ciphertext: found.bytes,
        additionalData: additionalDataFor(key, additionalData),
      };
      const value = await open(decryption, context.signal);
      return { ...reading, value };
    },

    classify(error) {
      const own = typeof error === "object" && error !== null && sourceErrors.has(error);
      if (own && options.source) return source.classify?.(error);
      return classify(error);
    },

    ...(source.storeKey ? { storeKey: (key: string) => source.storeKey?.(key) ?? key } : {}),
    ...(source.watch ? { watch: source.watch.bind(source) } : {}),

    async close() {
      memory.close();
      await sharing?.close();
      await connection.close();
      await source.close?.();
    },
  };
}
