import { setTimeout as wait } from "node:timers/promises";
import { createSecrets } from "@keyward/core";
import type { Benchmark, Report } from "../benchmark.ts";
import { lruCache } from "../peers/lru-cache.ts";
import { maxAge, PowertoolsParameters } from "../peers/powertools.ts";
import { inRounds } from "../rounds.ts";
import { CountingStore } from "./counting-store.ts";

interface Contender {
  readonly name: string;
  /** A reader with an empty cache. */
  readonly open: (store: CountingStore) => (key: string) => Promise<unknown>;
}

const contenders: readonly Contender[] = [
  { name: "one bare read", open: oneBareRead },
  {
    name: "keyward `get`",
    open: (store) => {
      const secrets = createSecrets({ providers: [store.asProvider()] });
      return (key) => secrets.get(key);
    },
  },
  {
    name: "lru-cache `fetch`",
    open: (store) => {
      const cache = lruCache((key) => store.read(key));
      return (key) => cache.fetch(key);
    },
  },
  {
    name: "powertools `get`",
    open: (store) => {
      const parameters = new PowertoolsParameters((key) => store.read(key));
      return (key) => parameters.get(key, maxAge);
    },
  },
];

async function measureColdKey(rounds: number, callers: number, latencyMs: number): Promise<Report> {
  const reads = contenders.map(() => new Set<number>());
  const times = await inRounds(
    rounds,
    "ms",
    contenders.map(({ open }, index) => async () => {
      const store = new CountingStore({ latency: () => wait(latencyMs) });
      const read = open(store);
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: callers }, () => read("SECRET")));
      const elapsed = performance.now() - startedAt;
      reads[index]?.add(store.reads);
      return elapsed;
    }),
  );
  return {
    title: `${callers.toLocaleString("en-US")} callers of one cold key`,
    method: `All ask at once for a secret that nobody has read yet; the store takes ${latencyMs} ms. ${rounds} rounds after one to warm up, each with an empty cache.`,
    columns: ["reads of the store", "until the last caller has its value"],
    rows: contenders.map(({ name }, index) => ({
      name,
      figures: [
        [...(reads[index] ?? [])].map((count) => count.toLocaleString("en-US")).join(" or "),
        times[index] ?? "",
      ],
    })),
  };
}

/** The floor: all callers wait for the same promise. */
function oneBareRead(store: CountingStore): (key: string) => Promise<unknown> {
  let only: Promise<string> | undefined;
  return (key) => {
    only ??= store.read(key);
    return only;
  };
}

export const coldKey: Benchmark = {
  full: () => measureColdKey(21, 1_000, 50),
  tiny: () => measureColdKey(1, 3, 1),
};
