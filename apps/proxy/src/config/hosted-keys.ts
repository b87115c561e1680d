import type { SecretProvider } from "@keyward/core";
import type { WantedStore } from "./stores.ts";

/** LiteLLM's `hosted_keys`: the store is asked for these names only, and has no others. */
export function hostedOnly(store: WantedStore, names: readonly string[]): WantedStore {
  return {
    ...store,
    async open(...given) {
      const provider = await store.open(...given);
      return provider && only(provider, names);
    },
  };
}

function only(provider: SecretProvider, names: readonly string[]): SecretProvider {
  const spell = (name: string): string => provider.storeKey?.(name) ?? name;
  const hosted = new Set(names.map(spell));
  const { storeKey, classify, readAll, watch, close } = provider;
  return {
    name: provider.name,
    readSecret: async (key, context) =>
      hosted.has(spell(key)) ? provider.readSecret(key, context) : undefined,
    ...(storeKey && { storeKey: (key) => storeKey.call(provider, key) }),
    ...(classify && { classify: (error) => classify.call(provider, error) }),
    ...(readAll && {
      readAll: async (context) =>
        new Map([...(await readAll.call(provider, context))].filter(([name]) => hosted.has(name))),
    }),
    ...(watch && { watch: (onChange, context) => watch.call(provider, onChange, context) }),
    ...(close && { close: () => close.call(provider) }),
  };
}
