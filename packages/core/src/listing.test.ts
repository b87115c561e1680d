import { expect, test } from "vitest";
import { deferred, StoreFailure } from "../test/fake-store.ts";
import { settle, TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretProvider, SecretReading } from "./provider.ts";
import type { SecretsOptions } from "./secrets.ts";

class ListingStore implements SecretProvider {
  readonly name = "listing-store";
  readonly values = new Map<string, string>();
  lists = 0;
  reads = 0;
  failure: StoreFailure | undefined;
  wait: Promise<unknown> | undefined;

  async readSecret(key: string): Promise<SecretReading | undefined> {
    this.reads += 1;
    const value = this.values.get(key);
    return value === undefined ? undefined : { value };
  }

  async readAll(): Promise<Map<string, SecretReading>> {
    this.lists += 1;
    const listed = new Map([...this.values].map(([key, value]) => [key, { value }]));
    await this.wait;
    if (this.failure !== undefined) throw this.failure;
    return listed;
  }

  classify(error: unknown) {
    return error instanceof StoreFailure ? error.failure : undefined;
  }
}

function open(options: Partial<SecretsOptions> = {}) {
  const store = new ListingStore();
  const clock = new TestClock();
  const secrets = createSecrets({
    providers: [store],
    clock,
    random: () => 0,
    retry: { attempts: 1 },
    ...options,
  });
  return { store, clock, secrets };
}

test("two hundred references cost one listing", async () => {
  const { store, secrets } = open();
  const config: Record<string, string> = {};
  for (let index = 0; index < 200; index += 1) {
    store.values.set(`KEY_${index}`, `value ${index}`);
    config[`entry ${index}`] = `os.environ/KEY_${index}`;
  }
  const resolved = await secrets.resolve(config);
  expect(resolved["entry 199"]).toBe("value 199");
  expect(store.lists).toBe(1);
  expect(store.reads).toBe(0);
});

test("a pinned version goes to readSecret", async () => {
  const { store, secrets } = open();
  store.values.set("A", "one");
  await secrets.get("secret://listing-store/A?version=1");
  expect([store.lists, store.reads]).toEqual([0, 1]);
});

test("a listing serves names asked later, for as long as it would have served them from the cache", async () => {
  const { store, clock, secrets } = open({ cache: { ttlMs: 1_000, absentTtlMs: 100 } });
  store.values.set("A", "one").set("B", "one");
  await secrets.get("A");
  await clock.advance(500);
  await secrets.get("B");
  expect(await secrets.find("C")).toBeUndefined();
  expect(store.lists).toBe(2);
  await clock.advance(500);
  expect(await secrets.get("A")).toBe("one");
  expect(store.lists).toBe(2);
  await clock.advance(500);
  store.values.set("A", "two");
  expect(await secrets.get("A")).toBe("two");
  expect(store.lists).toBe(3);
});

test("what is invalidated is listed anew, also while an older listing is under way", async () => {
  const { store, secrets } = open();
  store.values.set("A", "old").set("B", "old");
  await secrets.get("A");
  const gate = deferred<void>();
  store.wait = gate.promise;
  secrets.invalidate("B");
  const before = secrets.get("B");
  await settle();
  store.values.set("B", "new");
  secrets.invalidate("B");
  const after = secrets.get("B");
  gate.resolve();
  await before;
  expect(await after).toBe("new");
  expect(store.lists).toBe(3);
});

test("a listing that fails fails every read that waits for it, and is not remembered", async () => {
  const { store, secrets } = open();
  store.values.set("A", "one");
  store.failure = new StoreFailure("denied", { reason: "no-role" });
  const results = await Promise.allSettled([secrets.get("A"), secrets.get("B")]);
  expect(results).toMatchObject([
    { status: "rejected", reason: { code: "denied", key: "A", reason: "no-role" } },
    { status: "rejected", reason: { code: "denied", key: "B" } },
  ]);
  expect(store.lists).toBe(1);
  store.failure = undefined;
  expect(await secrets.get("A")).toBe("one");
});

test("a listing with a value that is no string is a fault of the provider", async () => {
  const provider: SecretProvider = {
    name: "broken",
    readSecret: async () => undefined,
    readAll: async () => new Map([["A", JSON.parse('{"value":1}')]]),
  };
  await expect(createSecrets({ providers: [provider] }).get("B")).rejects.toMatchObject({ code: "invalid" });
});

test("a poll keeps what it confirms in use, also after another secret was invalidated", async () => {
  const { store, clock, secrets } = open({ poll: { intervalMs: 1_000, jitter: 0 } });
  store.values.set("A", "one").set("B", "one");
  await secrets.getMany(["A", "B"]);
  secrets.invalidate("B");
  secrets.subscribe("A", () => undefined);
  await clock.advance(1_000);
  const polled = store.lists;
  expect(await secrets.get("A")).toBe("one");
  expect(store.lists).toBe(polled);
});

test("a poll that joins a listing from before an invalidate does not bring the old value back", async () => {
  const { store, clock, secrets } = open({ poll: { intervalMs: 1_000, jitter: 0 } });
  store.values.set("A", "old").set("B", "old");
  await secrets.get("A");
  secrets.subscribe("A", () => undefined);
  await clock.advance(0);
  const gate = deferred<void>();
  store.wait = gate.promise;
  secrets.invalidate("B");
  const listing = secrets.get("B");
  await settle();
  store.values.set("A", "new");
  secrets.invalidate("A");
  await clock.advance(1_000);
  gate.resolve();
  await listing;
  await settle();
  expect(await secrets.get("A")).toBe("new");
});

test("a listing that is denied ends the use of the one before, for every name", async () => {
  const { store, clock, secrets } = open({ cache: { ttlMs: 1_000 } });
  store.values.set("A", "one").set("B", "one").set("C", "one");
  await secrets.getMany(["A", "B"]);
  secrets.invalidate("A");
  store.failure = new StoreFailure("denied");
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "denied" });
  await expect(secrets.get("B")).rejects.toMatchObject({ code: "denied" });
  await expect(secrets.get("C")).rejects.toMatchObject({ code: "denied" });
  await clock.advance(1_000);
  store.failure = new StoreFailure("unavailable");
  await expect(secrets.get("B")).rejects.toMatchObject({ code: "unavailable" });
});

test("a read that waits for an older listing ends with the close, and begins no listing of its own", async () => {
  const { store, clock, secrets } = open();
  store.wait = new Promise<never>(() => undefined);
  const before = secrets.get("A").catch((error: unknown) => error);
  await settle();
  secrets.invalidate("B");
  const after = secrets.get("B").catch((error: unknown) => error);
  await settle();
  await secrets.close();
  expect([await before, await after]).toMatchObject([{ code: "closed" }, { code: "closed" }]);
  expect(store.lists).toBe(1);
  expect(clock.pending).toBe(0);
});
