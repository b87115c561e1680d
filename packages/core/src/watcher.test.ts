import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { FakeStore } from "../test/fake-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretProvider } from "./provider.ts";

/** A store whose `watch` fails, at once or as a promise that its type does not allow. */
const failingWatches: Record<string, () => void> = {
  "throws at once": () => {
    throw new Error("no watch here");
  },
  "rejects later": () => Promise.reject(new Error("no watch here")),
};

describe("a store whose watch", () => {
  it.each(Object.entries(failingWatches))(
    "%s is polled, and nobody's unhandled rejection",
    async (_, watch) => {
      const unhandled = vi.fn();
      process.on("unhandledRejection", unhandled);
      try {
        const clock = new TestClock();
        const store = new FakeStore({ A: "one" });
        const provider: SecretProvider = Object.assign(store, { watch });
        await using secrets = createSecrets({
          providers: [provider],
          clock,
          poll: { intervalMs: 1_000, jitter: 0 },
        });
        const seen: string[] = [];
        secrets.subscribe("A", (secret) => seen.push(secret.reveal()));
        await nextTurn();
        store.values.set("A", "two");
        await clock.advance(2_000);
        expect(seen).toEqual(["one", "two"]);
        expect(unhandled).not.toHaveBeenCalled();
      } finally {
        process.off("unhandledRejection", unhandled);
      }
    },
  );

  it("works is called once for all subscriptions, and ends with the close", async () => {
    const watch = vi.fn<NonNullable<SecretProvider["watch"]>>();
    const provider: SecretProvider = Object.assign(new FakeStore({ A: "one", B: "two" }), { watch });
    const secrets = createSecrets({ providers: [provider], clock: new TestClock() });
    secrets.subscribe("A", () => undefined);
    secrets.subscribe("B", () => undefined)();
    secrets.subscribe("B", () => undefined);
    expect(watch).toHaveBeenCalledOnce();
    const signal = watch.mock.calls[0]?.[1].signal;
    expect(signal?.aborted).toBe(false);
    await secrets.close();
    expect(signal?.aborted).toBe(true);
  });
});
