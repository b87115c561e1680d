import { expect, test } from "vitest";
import { FakeStore, StoreFailure } from "../test/fake-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretEvent } from "./events.ts";
import type { SecretsOptions } from "./secrets.ts";

function open(store: FakeStore, options: Partial<SecretsOptions> = {}) {
  const clock = new TestClock();
  return { clock, secrets: createSecrets({ providers: [store], clock, random: () => 0, ...options }) };
}

test("a value is read once and served until its TTL ends", async () => {
  const store = new FakeStore({ A: "one" });
  const { clock, secrets } = open(store, { cache: { ttlMs: 1_000 } });
  expect(await secrets.get("A")).toBe("one");
  store.values.set("A", "two");
  await clock.advance(999);
  expect(await secrets.get("A")).toBe("one");
  expect(store.reads).toHaveLength(1);
  await clock.advance(1);
  expect(await secrets.get("A")).toBe("two");
  expect(store.reads).toHaveLength(2);
});

test("a hit returns the very same promise, so that it allocates nothing", async () => {
  const { secrets } = open(new FakeStore({ A: "one" }));
  await secrets.get("A");
  expect(secrets.get("A")).toBe(secrets.get("A"));
});

test("age counts from the moment the store was asked, not from its answer", async () => {
  const store = new FakeStore();
  const { clock, secrets } = open(store, { cache: { ttlMs: 1_000 } });
  store.answer = (key) => new Promise((resolve) => void clock.after(600, () => resolve(`${key} at 600`)));
  const first = secrets.get("A");
  await clock.advance(600);
  expect(await first).toBe("A at 600");
  await clock.advance(400);
  const second = secrets.get("A");
  await clock.advance(600);
  await second;
  expect(store.reads).toHaveLength(2);
});

test("the store's own expiry ends the cache entry before its TTL, and no stale value outlives it", async () => {
  const store = new FakeStore();
  const { clock, secrets } = open(store, { cache: { ttlMs: 10_000 }, retry: { attempts: 1 } });
  store.values.set("A", { value: "one", expiresAt: new Date(clock.now() + 500) });
  await secrets.get("A");
  await clock.advance(499);
  await secrets.get("A");
  expect(store.reads).toHaveLength(1);
  await clock.advance(1);
  store.failure = new StoreFailure("unavailable");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "unavailable" });
});

test("absence is cached apart, and briefly", async () => {
  const store = new FakeStore();
  const { clock, secrets } = open(store, { cache: { absentTtlMs: 100 } });
  expect(await secrets.find("A")).toBeUndefined();
  expect(await secrets.find("A")).toBeUndefined();
  expect(store.reads).toHaveLength(1);
  store.values.set("A", "late");
  await clock.advance(100);
  expect(await secrets.find("A")).toBe("late");
});

test("an empty string is found", async () => {
  const { secrets } = open(new FakeStore({ A: "" }));
  expect(await secrets.find("A")).toBe("");
  expect(await secrets.get("A")).toBe("");
});

test("a failure is never cached", async () => {
  const store = new FakeStore({ A: "one" });
  const { secrets } = open(store);
  store.failure = new StoreFailure("denied");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "denied" });
  store.failure = undefined;
  expect(await secrets.get("A")).toBe("one");
});

test("versions and pointers of one secret are entries of their own", async () => {
  const store = new FakeStore();
  store.answer = (_key, { version }) => ({ value: JSON.stringify({ of: version ?? "current" }) });
  const { secrets } = open(store);
  expect(await secrets.get("secret://fake-store/A#/of")).toBe("current");
  expect(await secrets.get("secret://fake-store/A?version=1#/of")).toBe("1");
  expect(await secrets.get("A")).toBe('{"of":"current"}');
  expect(store.reads).toHaveLength(2);
});

test("cache: false asks the store for every call", async () => {
  const store = new FakeStore({ A: "one" });
  const { secrets } = open(store, { cache: false });
  await secrets.get("A");
  await secrets.get("A");
  expect(store.reads).toHaveLength(2);
});

test("the cache is bounded, and what is used stays", async () => {
  const store = new FakeStore();
  store.answer = (key) => key;
  const { secrets } = open(store, { cache: { maxEntries: 10 } });
  await secrets.get("kept");
  for (let index = 0; index < 100; index += 1) {
    await secrets.get(`name-${index}`);
    await secrets.get("kept");
  }
  expect(store.reads.filter(({ key }) => key === "kept")).toHaveLength(1);
  await secrets.get("name-0");
  expect(store.reads.filter(({ key }) => key === "name-0")).toHaveLength(2);
});

test("invalidate makes the next call ask the store, and outlaws the old value", async () => {
  const store = new FakeStore({ A: "one", B: "one" });
  const { secrets } = open(store, { retry: { attempts: 1 } });
  await secrets.getMany(["A", "B"]);
  secrets.invalidate("A");
  store.failure = new StoreFailure("unavailable");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "unavailable" });
  expect(await secrets.get("B")).toBe("one");
  secrets.invalidate();
  await expect(secrets.get("B")).rejects.toMatchObject({ code: "unavailable" });
});

test("a read under way when invalidate is called answers no later call", async () => {
  const store = new FakeStore({ A: "old" });
  const { clock, secrets } = open(store);
  store.answer = (key) => {
    const value = store.values.get(key);
    return new Promise((resolve) => void clock.after(100, () => resolve(value)));
  };
  const before = secrets.get("A");
  store.values.set("A", "new");
  secrets.invalidate("A");
  const after = secrets.get("A");
  await clock.advance(200);
  expect(await before).toBe("old");
  expect(await after).toBe("new");
  expect(store.mostInFlight).toBe(1);
});

test("two spellings of one secret share an entry and are reported", async () => {
  const store = Object.assign(new FakeStore({ "A-B": "one" }), {
    storeKey: (key: string) => key.replaceAll("_", "-"),
  });
  const events: SecretEvent[] = [];
  const { secrets } = open(store, { onEvent: (event) => void events.push(event) });
  await secrets.get("A_B");
  await secrets.get("A-B");
  await secrets.get("os.environ/A_B");
  expect(store.reads).toHaveLength(1);
  expect(events.filter(({ type }) => type === "collision")).toEqual([
    { type: "collision", provider: "fake-store", key: "A-B", otherKey: "A_B" },
  ]);
});

test("a name the store cannot hold is an error before any request", async () => {
  const store = Object.assign(new FakeStore(), {
    storeKey: () => {
      throw new Error("only letters are allowed.");
    },
  });
  const { secrets } = open(store);
  await expect(secrets.get("A_1")).rejects.toMatchObject({
    code: "invalid_name",
    message: 'fake-store: "A_1" is no name for a secret there: only letters are allowed.',
  });
  expect(store.reads).toHaveLength(0);
});
