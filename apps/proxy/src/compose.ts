import type { SecretProvider } from "@keyward/core";
import type { DotenvOptions } from "@keyward/dotenv";
import { fields, flag, list, type Reader, text } from "./config/reader.ts";

/** A store that a configuration can name: what it may say about it, and how it is opened. */
interface Store<T> {
  readonly options: Reader<T>;
  readonly open: (options: T) => Promise<SecretProvider>;
}

const oneOrSeveral: Reader<string | string[]> = (value, path, notes) =>
  Array.isArray(value) ? list(text)(value, path, notes) : text(value, path, notes);

/** The one place that names the provider packages. Each is imported when a configuration asks for it. */
export const stores = {
  dotenv: store(fields({ path: oneOrSeveral, mode: text, override: flag }), async (options: DotenvOptions) =>
    (await import("@keyward/dotenv")).dotenv(options),
  ),
};

export type StoreName = keyof typeof stores;

export function isStoreName(name: string): name is StoreName {
  return Object.hasOwn(stores, name);
}

function store<T>(options: Reader<T>, open: (options: T) => Promise<SecretProvider>): Store<T> {
  return { options, open };
}
