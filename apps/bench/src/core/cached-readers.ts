import { createSecrets, type SecretEvent } from "@keyward/core";
import type { Report } from "../benchmark.ts";
import { lruCache } from "../peers/lru-cache.ts";
import { maxAge, PowertoolsParameters } from "../peers/powertools.ts";
import { inRounds } from "../rounds.ts";
import { CountingStore } from "./counting-store.ts";

/** A way of reading a secret that is in the cache already. */
interface CachedReader {
  readonly name: string;
  readonly call: () => unknown;
  /** Not a promise, so that there is nothing to wait for. */
  readonly immediate?: true;
}

/** A power of two, so that the next name costs a mask and no division. */
const secretCount = 1_024;

/**
 * Every reader with its cache filled. The first two are the floor: a call that only hands on a promise, and the
 * look at the clock that every cache with a time to live must take.
 */
async function cachedReaders(): Promise<CachedReader[]> {
  const names = Array.from({ length: secretCount }, (_, index) => `SECRET_${index}`);
  const store = new CountingStore();
  const providers = [store.asProvider()];
  // A cached value must outlive the whole run.
  const cache = { ttlMs: 3_600_000 };
  const secrets = createSecrets({ providers, cache });
  const observed = createSecrets({ providers, cache, onEvent: keep });
  const json = { name: "json", readSecret: async () => ({ value: '{"key":"value"}' }) };
  const pointed = createSecrets({ providers: [json], cache });
  const getter = secrets.getter("SECRET_0");
  const parameters = new PowertoolsParameters((key) => store.read(key));
  const lru = lruCache((key) => store.read(key));
  for (const name of names) {
    await Promise.all([secrets.get(name), observed.get(name), parameters.get(name, maxAge), lru.fetch(name)]);
  }
  await pointed.get("secret://json/name#/key");
  const settled = Promise.resolve("value");
  return [
    { name: "a function that returns a settled promise", call: () => settled },
    { name: "`Date.now()`", call: () => Date.now(), immediate: true },
    { name: "keyward `get`, one secret", call: () => secrets.get("SECRET_0") },
    { name: "keyward `get`, 1,024 secrets in turn", call: inTurn(names, (name) => secrets.get(name)) },
    { name: "keyward `getter()`", call: getter },
    { name: "keyward `get` with a JSON pointer", call: () => pointed.get("secret://json/name#/key") },
    { name: "keyward `get` with an `onEvent` hook", call: () => observed.get("SECRET_0") },
    { name: "lru-cache `fetch`, one secret", call: () => lru.fetch("SECRET_0") },
    { name: "lru-cache `fetch`, 1,024 secrets in turn", call: inTurn(names, (name) => lru.fetch(name)) },
    { name: "powertools `get`, one secret", call: () => parameters.get("SECRET_0", maxAge) },
    {
      name: "powertools `get`, 1,024 secrets in turn",
      call: inTurn(names, (name) => parameters.get(name, maxAge)),
    },
  ];
}

function inTurn(names: readonly string[], read: (name: string) => unknown): () => unknown {
  let turn = 0;
  return () => {
    turn = (turn + 1) & (secretCount - 1);
    return read(names[turn] ?? "");
  };
}

/** A hook that forgets its events at once would let the compiler drop them unmade. */
function keep(event: SecretEvent): void {
  lastEvent.event = event;
}

const lastEvent: { event?: SecretEvent } = {};

/** Takes one figure of every reader in each round: of the call alone, then of call and wait. */
export async function measureReaders(
  rounds: number,
  times: number,
  unit: string,
  measure: (run: () => unknown) => Promise<number>,
): Promise<Pick<Report, "columns" | "rows">> {
  const readers = await cachedReaders();
  const calls = await inRounds(
    rounds,
    unit,
    readers.map(
      ({ call }) =>
        () =>
          measure(() => callRepeatedly(call, times)),
    ),
  );
  const awaits = await inRounds(
    rounds,
    unit,
    readers.map(
      ({ call }) =>
        () =>
          measure(() => awaitRepeatedly(call, times)),
    ),
  );
  return {
    columns: ["call", "call and await"],
    rows: readers.map(({ name, immediate }, index) => ({
      name,
      figures: [calls[index] ?? "", immediate ? "-" : (awaits[index] ?? "")],
    })),
  };
}

/** The answer is handed on so that the calls cannot be optimised away. */
function callRepeatedly(call: () => unknown, times: number): unknown {
  let last: unknown;
  for (let done = 0; done < times; done += 1) last = call();
  return last;
}

async function awaitRepeatedly(call: () => unknown, times: number): Promise<unknown> {
  let last: unknown;
  for (let done = 0; done < times; done += 1) last = await call();
  return last;
}
