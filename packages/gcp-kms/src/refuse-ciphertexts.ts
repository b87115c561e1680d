import type { SecretProvider } from "@keyward/core";
import { readCiphertext } from "./ciphertext.ts";
import { classify } from "./classify.ts";
import { GcpKmsError } from "./failures.ts";

/**
 * The same store, which fails instead of handing out a ciphertext of Cloud KMS: for those that are asked behind
 * `gcpKms`. Where they look in other places than its source, or read a file in another way, they hold ciphertexts that
 * it has not seen.
 *
 * The store is read key by key and not listed, so that one ciphertext does not take all of a listing down.
 */
export function refuseCiphertexts(provider: SecretProvider): SecretProvider {
  const { storeKey, watch, close } = provider;
  return {
    name: provider.name,
    async readSecret(key, context) {
      const reading = await provider.readSecret(key, context);
      if (reading && readCiphertext(reading.value).kind !== "plain") {
        throw new GcpKmsError("ciphertext-not-decrypted", key);
      }
      return reading;
    },
    classify: (error) => (error instanceof GcpKmsError ? classify(error) : provider.classify?.(error)),
    ...(storeKey && { storeKey: (key) => storeKey.call(provider, key) }),
    ...(watch && { watch: (onChange, context) => watch.call(provider, onChange, context) }),
    ...(close && { close: () => close.call(provider) }),
  };
}
