import { expect, test } from "vitest";
import { FakeStore, StoreFailure } from "../test/fake-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretEvent } from "./events.ts";

async function openWithExpired(store = new FakeStore({ A: "good" })) {
  const clock = new TestClock();
  const events: SecretEvent[] = [];
  const secrets = createSecrets({
    providers: [store],
    clock,
    random: () => 0,
    retry: { attempts: 1 },
    cache: { ttlMs: 1_000, maxStaleMs: 60_000, staleRetryMs: 5_000 },
    onEvent: (event) => void events.push(event),
  });
  await secrets.get("A");
  await clock.advance(1_000);
  return { store, clock, secrets, events };
}

test.each(["unavailable", "throttled"] as const)(
  "after %s the last good value is served, marked and reported",
  async (kind) => {
    const { store, secrets, events } = await openWithExpired();
    store.failure = new StoreFailure(kind);
    expect(await secrets.get("A")).toBe("good");
    expect(events.at(-1)).toMatchObject({ type: "stale", key: "A", ageMs: 1_000 });
    expect((await secrets.read("A")).stale).toBe(true);
    expect(secrets.health().status).toBe("failing");
  },
);

test("a hung store is unavailable too", async () => {
  const { store, clock, secrets } = await openWithExpired();
  store.answer = () => new Promise<never>(() => undefined);
  const call = secrets.get("A");
  await clock.advance(10_000);
  expect(await call).toBe("good");
});

test("while the store rests, stale values are served at once", async () => {
  const { store, clock, secrets } = await openWithExpired();
  store.failure = new StoreFailure("unavailable");
  await secrets.get("A");
  const asked = store.reads.length;
  await clock.advance(4_999);
  await secrets.get("A");
  expect(store.reads).toHaveLength(asked);
  await clock.advance(1);
  await secrets.get("A");
  expect(store.reads).toHaveLength(asked + 1);
});

test("a store that comes back is used again, and the rest ends with an invalidate", async () => {
  const { store, secrets } = await openWithExpired();
  store.failure = new StoreFailure("unavailable");
  await secrets.get("A");
  store.failure = undefined;
  store.values.set("A", "new");
  secrets.invalidate("A");
  expect(await secrets.get("A")).toBe("new");
  expect((await secrets.read("A")).stale).toBe(false);
});

test("the limit is hard", async () => {
  const { store, clock, secrets } = await openWithExpired();
  store.failure = new StoreFailure("unavailable");
  await clock.advance(59_999);
  expect(await secrets.get("A")).toBe("good");
  await clock.advance(1);
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "unavailable" });
});

test.each(["denied", "invalid", "unknown"] as const)("%s is not served around", async (kind) => {
  const { store, secrets } = await openWithExpired();
  store.failure = new StoreFailure(kind);
  await expect(secrets.get("A")).rejects.toMatchObject({ code: kind });
});

test("denied evicts: an outage afterwards does not bring the value back", async () => {
  const { store, secrets } = await openWithExpired();
  store.failure = new StoreFailure("denied");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "denied" });
  store.failure = new StoreFailure("unavailable");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "unavailable" });
});

test("absent evicts", async () => {
  const { store, clock, secrets } = await openWithExpired();
  store.values.delete("A");
  expect(await secrets.find("A")).toBeUndefined();
  await clock.advance(10_000);
  store.failure = new StoreFailure("unavailable");
  await expect(secrets.find("A")).rejects.toMatchObject({ code: "unavailable" });
});

test("a call that a slow provider has cost its time gets the last good value of the next one", async () => {
  const slow = new FakeStore({}, "slow");
  const store = new FakeStore({ A: "good" });
  const clock = new TestClock();
  const cache = { ttlMs: 1_000, absentTtlMs: 0, maxStaleMs: 5_000 };
  const secrets = createSecrets({ providers: [slow, store], clock, cache, deadlineMs: 1_000 });
  await secrets.get("A");
  await clock.advance(1_000);
  slow.answer = () => new Promise((resolve) => void clock.after(900, () => resolve(undefined)));
  store.answer = () => new Promise<never>(() => undefined);
  const call = secrets.read("A");
  await clock.advance(1_001);
  expect(await call).toMatchObject({ provider: "fake-store", stale: true });
  secrets.invalidate("A");
  const late = expect(secrets.get("A")).rejects.toMatchObject({ code: "timeout" });
  await clock.advance(1_001);
  await late;
  await secrets.close();
  expect(clock.pending).toBe(0);
});
