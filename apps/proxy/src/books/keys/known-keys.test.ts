import { beforeEach, expect, test } from "vitest";
import { KnownKeys, knownKeyLimit, TooManyReadings } from "./known-keys.ts";
import type { VirtualKey } from "./virtual-key.ts";

const key = (token: string): VirtualKey => ({
  id: token,
  token,
  models: undefined,
  maxBudget: undefined,
  expires: undefined,
  budgetPeriod: undefined,
  rpmLimit: undefined,
  tpmLimit: undefined,
  maxParallelRequests: undefined,
  blocked: false,
  spend: 0,
  budgetResetAt: undefined,
});

let now: number;
let reads: string[];
let away: boolean;
let told: boolean;
let stored: Set<string>;
let keys: KnownKeys;
beforeEach(() => {
  [now, reads, away, told, stored] = [1_000_000, [], false, true, new Set(["a"])];
  keys = new KnownKeys({
    now: () => now,
    told: () => told,
    async read(token) {
      reads.push(token);
      if (away) throw new Error("away");
      return stored.has(token) ? key(token) : undefined;
    },
  });
});

test("a known key is there at once, an unknown one is asked for once by however many", async () => {
  await Promise.all([keys.get("a"), keys.get("a"), keys.get("a")]);
  expect(keys.get("a")).toMatchObject({ token: "a" });
  expect(reads).toEqual(["a"]);
});

test("a key that is not there is not asked for again at once, but a second later", async () => {
  expect(await keys.get("b")).toBeUndefined();
  expect(keys.get("b")).toBeUndefined();
  expect(reads).toEqual(["b"]);
  stored.add("b");
  now += 1000;
  expect(await keys.get("b")).toMatchObject({ token: "b" });
});

test("a key that is told of is forgotten at once, also while it is being read", async () => {
  await keys.get("a");
  stored.delete("a");
  keys.forget(["a"]);
  expect(await keys.get("a")).toBeUndefined();
  keys.forget(["a"]);
  stored.add("a");
  const before = keys.get("a");
  stored.delete("a");
  keys.forget(["a"]);
  await before;
  expect(await keys.get("a")).toBeUndefined();
});

test("without word of changes a key is asked for again after a second, and waited for", async () => {
  told = false;
  await keys.get("a");
  now += 999;
  expect(keys.get("a")).toMatchObject({ token: "a" });
  now += 1;
  stored.delete("a");
  expect(await keys.get("a")).toBeUndefined();
});

test("while the database is away a known key works up to the limit, and nobody waits twice", async () => {
  await keys.get("a");
  [away, told] = [true, false];
  now += 60_000;
  expect(await keys.get("a")).toMatchObject({ token: "a" });
  now += 1000;
  expect(keys.get("a")).toMatchObject({ token: "a" });
  expect(reads).toHaveLength(3);
  now = 1_000_000 + knownKeyLimit - 1;
  expect(await keys.get("a")).toMatchObject({ token: "a" });
  now = 1_000_000 + knownKeyLimit + 1000;
  await expect(keys.get("a")).rejects.toThrow("away");
  await expect(keys.get("b")).rejects.toThrow("away");
});

test("a key in doubt still works while the database is away", async () => {
  await keys.get("a");
  keys.doubt();
  [away, told] = [true, false];
  expect(await keys.get("a")).toMatchObject({ token: "a" });
  away = false;
  stored.delete("a");
  now += 6000;
  expect(await keys.get("a")).toBeUndefined();
});

test("of made-up keys a thousand are asked for at once, which holds no known key up", async () => {
  const gate = Promise.withResolvers<void>();
  let open = true;
  keys = new KnownKeys({
    now: () => now,
    told: () => false,
    async read(token) {
      if (!open && token !== "a") await gate.promise;
      return stored.has(token) ? key(token) : undefined;
    },
  });
  await keys.get("a");
  open = false;
  const readings = Array.from({ length: 1000 }, (_, index) => keys.get(`made up ${index}`));
  await expect(keys.get("one more")).rejects.toThrow(TooManyReadings);
  stored.delete("a");
  now += 1000;
  expect(await keys.get("a")).toBeUndefined();
  gate.resolve();
  expect(new Set(await Promise.all(readings))).toEqual(new Set([undefined]));
  expect(await keys.get("one more")).toBeUndefined();
});
