import type { SecretProvider } from "@keyward/core";
import type { Harness, Limits, Session } from "../src/harness.ts";
import { memoryProvider } from "./memory-provider.ts";
import { MemoryStore } from "./memory-store.ts";

export const credential = "token-of-the-memory-store";

const quickLimits: Limits = {
  answerMs: 400,
  failMs: 400,
  abortMs: 300,
  noticeMs: 300,
  quietMs: 15,
};

/** Wraps the provider that keeps every promise, so that it breaks one. */
export type Breakage = (provider: Required<SecretProvider>, store: MemoryStore) => SecretProvider;

export function memoryHarness(
  breakage: Breakage = (provider) => provider,
  lacks: Harness["lacks"] = {},
): Harness {
  return {
    lacks,
    limits: quickLimits,
    async open(): Promise<Session> {
      const store = new MemoryStore();
      return {
        provider: breakage(memoryProvider(store), store),
        credentials: [credential],
        seed: async (key, value) => store.write(key, value),
        remove: async (key) => store.remove(key),
        deny: async () => store.begin("deny"),
        outage: async () => store.begin("outage"),
        throttle: async (seconds) => store.begin("throttle", seconds),
        corrupt: async () => store.begin("corrupt"),
        hang: async () => store.begin("hang"),
        heal: async () => store.heal(),
        requests: () => store.requests,
        dispose: async () => store.heal(),
      };
    },
  };
}
