import type { SecretProvider } from "../provider.ts";
import { derive } from "./derive.ts";

/**
 * The same store under other names: `mapped(vault, { OPENAI_API_KEY: "team-a-openai" })`, or a function from the
 * application's name to the store's. Names that an object does not list stay as they are.
 */
export function mapped(
  provider: SecretProvider,
  names: Readonly<Record<string, string>> | ((key: string) => string),
): SecretProvider {
  const rename =
    typeof names === "function"
      ? names
      : (key: string) => (Object.hasOwn(names, key) ? (names[key] ?? key) : key);
  return derive(provider, {
    name: `mapped(${provider.name})`,
    storeKey: (key) => {
      const name = rename(key);
      return provider.storeKey?.(name) ?? name;
    },
  });
}

/** The same store, with `prefix` in front of every name: `prefixed(vault, "prod-")`. */
export function prefixed(provider: SecretProvider, prefix: string): SecretProvider {
  return mapped(provider, (key) => prefix + key);
}
