import type { SecretProvider } from "../provider.ts";

/** A provider that does what `provider` does, but for `changes`. A capability that is missing stays missing. */
export function derive(provider: SecretProvider, changes: Partial<SecretProvider>): SecretProvider {
  const { classify, readAll, watch, close, storeKey } = provider;
  return {
    name: provider.name,
    readSecret: (key, context) => provider.readSecret(key, context),
    ...(storeKey && { storeKey: (key) => storeKey.call(provider, key) }),
    ...(classify && { classify: (error) => classify.call(provider, error) }),
    ...(readAll && { readAll: (context) => readAll.call(provider, context) }),
    ...(watch && {
      watch: (onChange, context) => watch.call(provider, onChange, context),
    }),
    ...(close && { close: () => close.call(provider) }),
    ...changes,
  };
}
