import type { Failure, SecretProvider, SecretReading } from "@keyward/core";
import { type MemoryStore, type StoredVersion, StoreError } from "./memory-store.ts";

/** A provider with every capability that keeps every promise. */
export function memoryProvider(store: MemoryStore): Required<SecretProvider> {
  let closed = false;
  const assertOpen = () => {
    if (closed) throw new Error("the provider is closed");
  };
  return {
    name: "memory",
    storeKey: (key) => key.replaceAll("-", "_"),
    async readSecret(key, { signal, version }) {
      assertOpen();
      const answer = await store.request(signal, () => store.secrets.get(key) ?? []);
      if (typeof answer === "string") throw new SyntaxError("the answer is not a list of versions");
      const stored = version === undefined ? answer.at(-1) : answer.find((one) => one.version === version);
      return stored && readingOf(stored);
    },
    async readAll({ signal }) {
      assertOpen();
      const answer = await store.request(signal, () => [...store.secrets]);
      if (typeof answer === "string") throw new SyntaxError("the answer is not a listing");
      const readings = new Map<string, SecretReading>();
      for (const [name, versions] of answer) {
        const current = versions.at(-1);
        if (current) readings.set(name, readingOf(current));
      }
      return readings;
    },
    watch(onChange, { signal }) {
      if (signal.aborted) return;
      signal.addEventListener("abort", store.onChange(onChange), {
        once: true,
      });
    },
    classify,
    async close() {
      closed = true;
    },
  };
}

function readingOf({ value, version, createdAt }: StoredVersion): SecretReading {
  return { value, version, createdAt };
}

function classify(error: unknown): Failure | undefined {
  if (error instanceof SyntaxError) return { kind: "invalid", reason: "answer-malformed" };
  if (!(error instanceof StoreError)) return undefined;
  if (error.status === 403)
    return {
      kind: "denied",
      reason: "forbidden",
      remedy: "Access is refused. Grant it.",
    };
  if (error.status === 503) return { kind: "unavailable", reason: "unreachable" };
  const wait = error.retryAfterSeconds;
  return {
    kind: "throttled",
    ...(wait === undefined ? {} : { retryAfterMs: wait * 1000 }),
  };
}
