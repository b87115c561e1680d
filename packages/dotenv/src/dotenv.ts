import type { SecretProvider } from "@keyward/core";
import { type Entries, environmentEntries, fileEntries } from "./entries.ts";
import { classify, DotenvFailure } from "./failures.ts";
import { type DotenvOptions, envFiles } from "./options.ts";
import { readText } from "./read-text.ts";
import { watchFiles } from "./watch-files.ts";

/** What this provider always has, for a caller without core. */
export type DotenvProvider = SecretProvider & Required<Pick<SecretProvider, "classify" | "watch" | "close">>;

/**
 * Secrets from `.env` files and the process environment, which wins unless `override` says otherwise.
 *
 * Files are read by each read and nothing before; `process.env` is never written to and nothing is printed.
 *
 * @throws TypeError for options that contradict each other or name no file.
 */
export function dotenv(options: DotenvOptions = {}): DotenvProvider {
  const files = envFiles(options);
  const name = `dotenv(${files.map((file) => file.label).join(", ") || "process.env"})`;
  let closed = false;
  let stopWatching = () => {};

  async function readEntries(signal: AbortSignal): Promise<Entries> {
    if (closed) throw new DotenvFailure("closed", name);
    signal.throwIfAborted();
    const layers = await Promise.all(
      files.map(async (file): Promise<Entries> => {
        const text = await readText(file, signal);
        if (text === undefined) return new Map();
        return fileEntries(options.prepare?.(text) ?? text, file.label);
      }),
    );
    const environment = environmentEntries(options.env ?? process.env);
    const ordered = options.override ? [environment, ...layers] : [...layers, environment];
    return new Map(ordered.flatMap((layer) => [...layer]));
  }

  // No readAll: a listing fails as a whole, and one bad line must not take the good ones with it.
  return {
    name,
    classify,

    async readSecret(key, { signal, version }) {
      if (version !== undefined) throw new DotenvFailure("no-versions", name);
      const entry = (await readEntries(signal)).get(key);
      if (entry instanceof DotenvFailure) throw entry;
      return entry === undefined ? undefined : { value: entry };
    },

    watch(onChange, { signal }) {
      if (closed || signal.aborted) return;
      stopWatching = watchFiles(
        files.map((file) => file.path),
        onChange,
      );
      signal.addEventListener("abort", stopWatching, { once: true });
    },

    async close() {
      closed = true;
      stopWatching();
    },
  };
}
