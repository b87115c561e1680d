import { SecretError } from "./errors.ts";
import type { SecretProvider } from "./provider.ts";

/** The store's own spelling of a name. @throws SecretError `invalid_name` if the store cannot hold such a name. */
export function storeKeyOf(provider: SecretProvider, key: string): string {
  if (provider.storeKey === undefined) return key;
  try {
    return provider.storeKey(key);
  } catch (thrown) {
    throw new SecretError({
      code: "invalid_name",
      key,
      provider: provider.name,
      message: `${provider.name}: "${key}" is no name for a secret there: ${thrown instanceof Error ? thrown.message : "the provider does not say why"}`,
    });
  }
}
