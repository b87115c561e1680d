import { expect, test, vi } from "vitest";
import { FakeStore, StoreFailure } from "../test/fake-store.ts";
import { settle, TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretEvent } from "./events.ts";
import type { SecretProvider } from "./provider.ts";
import { inMemory } from "./providers/in-memory.ts";
import type { SecretsOptions } from "./secrets.ts";

function open(providers: SecretProvider[], options: Partial<SecretsOptions> = {}) {
  const clock = new TestClock();
  const events: SecretEvent[] = [];
  const secrets = createSecrets({
    providers,
    clock,
    random: () => 0.5,
    poll: { intervalMs: 60_000 },
    retry: { attempts: 1 },
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return { clock, events, secrets };
}

test("a store that cannot tell is polled while somebody is subscribed, and no longer", async () => {
  const store = new FakeStore({ A: "one" });
  const { clock, events, secrets } = open([store]);
  await secrets.get("A");
  const seen: string[] = [];
  const end = secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  await clock.advance(60_000);
  expect(seen).toEqual([]);
  store.values.set("A", "two");
  await clock.advance(60_000);
  expect(seen).toEqual(["two"]);
  expect(events).toContainEqual({ type: "rotated", provider: "fake-store", key: "A", version: undefined });
  expect(await secrets.get("A")).toBe("two");
  end();
  end();
  const asked = store.reads.length;
  await clock.advance(600_000);
  expect(store.reads).toHaveLength(asked);
  expect(clock.pending).toBe(0);
});

test("a poll leaves the cached value in use while it asks", async () => {
  const store = new FakeStore({ A: "one" });
  const { clock, secrets } = open([store]);
  await secrets.get("A");
  secrets.subscribe("A", () => undefined);
  store.answer = () => new Promise<never>(() => undefined);
  await clock.advance(31_000);
  expect(store.reads).toHaveLength(2);
  expect(await secrets.get("A")).toBe("one");
});

test("a new version with the same value is a change", async () => {
  const store = new FakeStore({ A: { value: "one", version: "1" } });
  const { clock, secrets } = open([store]);
  const seen: (string | undefined)[] = [];
  await secrets.get("A");
  secrets.subscribe("A", ({ version }) => void seen.push(version));
  store.values.set("A", { value: "one", version: "2" });
  await clock.advance(60_000);
  expect(seen).toEqual(["2"]);
});

test("a subscriber to a secret that nobody has read gets its first value, also after failures", async () => {
  const store = new FakeStore({ A: "one" });
  store.failure = new StoreFailure("unavailable");
  const { clock, secrets } = open([store]);
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  await settle();
  store.failure = undefined;
  await clock.advance(60_000);
  expect(seen).toEqual(["one"]);
});

test("a change that an ordinary read finds reaches the subscribers too, once", async () => {
  const store = new FakeStore({ A: "one" });
  const { secrets } = open([store]);
  await secrets.get("A");
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  store.values.set("A", "two");
  secrets.invalidate("A");
  await Promise.all([secrets.get("A"), secrets.get("A")]);
  expect(seen).toEqual(["two"]);
});

test("a store that tells is not polled", async () => {
  const store = inMemory({ A: "one" });
  const { clock, events, secrets } = open([store]);
  await secrets.get("A");
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  store.set("A", "two");
  await settle();
  expect(seen).toEqual(["two"]);
  const reads = events.filter(({ type }) => type === "read").length;
  await clock.advance(600_000);
  expect(events.filter(({ type }) => type === "read")).toHaveLength(reads);
});

test("a store that tells is asked again after a failure, told or not", async () => {
  const store = Object.assign(new FakeStore({ A: "one" }), { watch: () => undefined });
  const { clock, secrets } = open([store]);
  store.failure = new StoreFailure("unavailable");
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  await settle();
  store.failure = undefined;
  await clock.advance(60_000);
  expect(seen).toEqual(["one"]);
});

test("a chain is watched as far as it decides the value", async () => {
  const first = new FakeStore({}, "first");
  const second = new FakeStore({ A: "second" }, "second");
  const { clock, secrets } = open([first, second]);
  await secrets.get("A");
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(`${secret.provider}: ${secret.reveal()}`));
  first.values.set("A", "first");
  await clock.advance(60_000);
  expect(seen).toEqual(["first: first"]);
  const asked = second.reads.length;
  await clock.advance(600_000);
  expect(second.reads).toHaveLength(asked);
  first.values.delete("A");
  second.values.set("A", "changed");
  await clock.advance(120_000);
  expect(seen).toEqual(["first: first", "second: changed"]);
});

test("a listener that throws or rejects keeps its place and disturbs nobody", async () => {
  const store = inMemory({ A: "one" });
  const { events, secrets } = open([store]);
  await secrets.get("A");
  const seen: string[] = [];
  secrets.subscribe("A", () => {
    throw new Error("thrown");
  });
  secrets.subscribe("A", () => Promise.reject(new Error("rejected")));
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  store.set("A", "two");
  await settle();
  store.set("A", "three");
  await settle();
  expect(seen).toEqual(["two", "three"]);
  expect(events.filter(({ type }) => type === "listener_failed")).toHaveLength(4);
});

test("a pinned version never changes, so it is not polled", async () => {
  const store = new FakeStore();
  store.answer = (_key, { version }) => ({ value: "pinned", ...(version ? { version } : {}) });
  const { clock, secrets } = open([store]);
  await secrets.get("secret://fake-store/A?version=1");
  secrets.subscribe("secret://fake-store/A?version=1", () => undefined);
  await clock.advance(600_000);
  expect(store.reads).toHaveLength(1);
});

test("a thousand subscribed secrets are polled a few at a time, spread over the interval", async () => {
  const store = new FakeStore();
  const { clock, secrets } = open([store], {
    random: Math.random,
    poll: { intervalMs: 60_000, concurrency: 4 },
  });
  store.answer = (key) => new Promise((resolve) => void clock.after(50, () => resolve(key)));
  const names = Array.from({ length: 1_000 }, (_, index) => `KEY_${index}`);
  const loading = secrets.getMany(names);
  await clock.advance(50);
  await loading;
  for (const name of names)
    for (let index = 0; index < 3; index += 1) secrets.subscribe(name, () => undefined);
  store.reads.length = 0;
  store.mostInFlight = 0;
  await clock.advance(72_000);
  expect(store.reads.length).toBeGreaterThanOrEqual(900);
  expect(store.reads.length).toBeLessThan(2_200);
  expect(store.mostInFlight).toBeLessThanOrEqual(4);
});

test("a thousand subscriptions to secrets that nobody has read ask a few at a time", async () => {
  const store = new FakeStore();
  const { clock, secrets } = open([store], { poll: { concurrency: 4 } });
  store.answer = (key) => new Promise((resolve) => void clock.after(50, () => resolve(key)));
  let told = 0;
  for (let index = 0; index < 1_000; index += 1) {
    secrets.subscribe(`KEY_${index}`, () => {
      told += 1;
    });
  }
  await clock.advance(13_000);
  expect(told).toBe(1_000);
  expect(store.mostInFlight).toBe(4);
});

test("a caller's own read answers a subscription that waits its turn", async () => {
  const store = new FakeStore({ A: "one" });
  const { secrets } = open([store], { poll: { concurrency: 1 } });
  store.answer = (key) => (key === "A" ? "one" : new Promise<never>(() => undefined));
  secrets.subscribe("B", () => undefined);
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  await secrets.get("A");
  expect(seen).toEqual(["one"]);
});

test("a store that lists is asked once in each interval, however many secrets are subscribed", async () => {
  let lists = 0;
  let value = "one";
  const store: SecretProvider = {
    name: "listing",
    readSecret: async () => undefined,
    readAll: async () => {
      lists += 1;
      return new Map(Array.from({ length: 100 }, (_, index) => [`KEY_${index}`, { value }]));
    },
  };
  const { clock, secrets } = open([store]);
  const seen: string[] = [];
  for (let index = 0; index < 100; index += 1) {
    const name = `KEY_${index}`;
    await secrets.get(name);
    secrets.subscribe(name, (secret) => void seen.push(secret.reveal()));
  }
  expect(lists).toBe(1);
  await clock.advance(30_000);
  expect(lists).toBe(2);
  value = "two";
  await clock.advance(60_000);
  expect(lists).toBe(3);
  expect(seen).toHaveLength(100);
  expect(await secrets.get("KEY_7")).toBe("two");
  expect(lists).toBe(3);
});

test("close ends polls and watches", async () => {
  const store = new FakeStore({ A: "one" });
  const memory = inMemory({ B: "one" });
  const { clock, secrets } = open([store, memory]);
  secrets.subscribe("A", () => undefined);
  const seen: string[] = [];
  secrets.subscribe("B", (secret) => void seen.push(secret.reveal()));
  await settle();
  await secrets.close();
  seen.length = 0;
  memory.set("B", "two");
  await clock.advance(600_000);
  expect(seen).toEqual([]);
  expect(clock.pending).toBe(0);
});

test("a subscriber hears of the value behind a failure that the application lets move on", async () => {
  const first = new FakeStore({}, "first");
  const second = new FakeStore({ A: "one" }, "second");
  first.failure = new StoreFailure("denied");
  const { clock, secrets } = open([first, second], { continueOn: ["denied"] });
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(`${secret.provider}: ${secret.reveal()}`));
  await settle();
  expect(seen).toEqual(["second: one"]);
  second.values.set("A", "two");
  await clock.advance(120_000);
  expect(seen).toEqual(["second: one", "second: two"]);
  first.failure = undefined;
  first.values.set("A", "healed");
  await clock.advance(120_000);
  expect(seen).toEqual(["second: one", "second: two", "first: healed"]);
});

test("a value that may no longer be served gives way to the next provider's, for subscribers too", async () => {
  const first = new FakeStore({ A: "first" }, "first");
  const second = new FakeStore({ A: "second" }, "second");
  const { clock, secrets } = open([first, second], {
    continueOn: ["unavailable"],
    cache: { ttlMs: 1_000, maxStaleMs: 600_000 },
  });
  const seen: string[] = [];
  secrets.subscribe("A", (secret) => void seen.push(secret.reveal()));
  await settle();
  first.failure = new StoreFailure("unavailable");
  await clock.advance(500_000);
  expect(seen).toEqual(["first"]);
  await clock.advance(250_000);
  expect(seen).toEqual(["first", "second"]);
  expect(await secrets.get("A")).toBe("second");
});

test("a close leaves no poll behind, whatever the reads that it ends let move on", async () => {
  const first = new FakeStore({}, "first");
  const watch = vi.fn<NonNullable<SecretProvider["watch"]>>();
  const second = Object.assign(new FakeStore({ A: "one" }, "second"), { watch });
  first.answer = () => new Promise<never>(() => undefined);
  const { clock, secrets } = open([first, second], { continueOn: ["unknown"] });
  secrets.subscribe("A", () => undefined);
  await settle();
  await secrets.close();
  await settle();
  expect(clock.pending).toBe(0);
  expect(watch).not.toHaveBeenCalled();
});

test("a pinned version whose first read fails is asked for again until it is there", async () => {
  const store = new FakeStore({ A: { value: "pinned", version: "1" } });
  store.failure = new StoreFailure("unavailable");
  const { clock, secrets } = open([store]);
  const seen: string[] = [];
  secrets.subscribe("secret://fake-store/A?version=1", (secret) => void seen.push(secret.reveal()));
  await settle();
  store.failure = undefined;
  await clock.advance(60_000);
  expect(seen).toEqual(["pinned"]);
  const asked = store.reads.length;
  await clock.advance(600_000);
  expect(store.reads).toHaveLength(asked);
});

test("a subscription that ended while it waited its turn asks for nothing", async () => {
  const store = new FakeStore();
  store.answer = () => new Promise<never>(() => undefined);
  const { clock, secrets } = open([store], { poll: { concurrency: 1 } });
  secrets.subscribe("A", () => undefined);
  secrets.subscribe("B", () => undefined)();
  await clock.advance(11_000);
  expect(store.reads.map(({ key }) => key)).toEqual(["A"]);
});

test("a secret that is denied or gone reaches no listener; calls and events tell of it", async () => {
  const store = new FakeStore({ A: "one", B: "one" });
  const { clock, events, secrets } = open([store]);
  await secrets.getMany(["A", "B"]);
  const listener = vi.fn();
  secrets.subscribe("A", listener);
  secrets.subscribe("B", listener);
  store.values.delete("B");
  store.answer = (key) => {
    if (key === "A") throw new StoreFailure("denied");
    return store.values.get(key);
  };
  await clock.advance(60_000);
  expect(listener).not.toHaveBeenCalled();
  expect(events).toContainEqual(expect.objectContaining({ type: "failed", key: "A", code: "denied" }));
  expect(events).toContainEqual(expect.objectContaining({ type: "rotated", key: "B" }));
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "denied" });
  expect(await secrets.find("B")).toBeUndefined();
});

test("the current and the previous value stay masked, whole or pointed into, however many others come and go", async () => {
  const store = new FakeStore({ A: "whole-1", P: '{"key":"part-1"}' });
  const { clock, secrets } = open([store], { cache: { maxEntries: 10 } });
  const references = ["A", "secret://fake-store/P#/key"];
  await secrets.getMany(references);
  for (const reference of references) secrets.subscribe(reference, () => undefined);
  store.values.set("A", "whole-2").set("P", '{"key":"part-2"}');
  await clock.advance(120_000);
  store.answer = (key) => store.values.get(key) ?? `value of ${key}`;
  for (let index = 0; index < 1_100; index += 1) await secrets.get(`OTHER_${index}`);
  expect(secrets.redact("value of OTHER_0")).toBe("value of OTHER_0");
  expect(secrets.redact("whole-1 whole-2 part-1 part-2")).toBe("[secret] [secret] [secret] [secret]");
});
