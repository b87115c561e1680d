import { setTimeout as wait } from "node:timers/promises";
import { createSecrets } from "@keyward/core";
import type { Benchmark, Report } from "../benchmark.ts";
import { lruCache } from "../peers/lru-cache.ts";
import { maxAge, PowertoolsParameters } from "../peers/powertools.ts";
import { inRounds } from "../rounds.ts";
import { CountingStore } from "./counting-store.ts";

interface Contender {
  readonly name: string;
  readonly resolve: (store: CountingStore, models: number) => Promise<unknown>;
}

const contenders: readonly Contender[] = [
  { name: "one bare read", resolve: (store) => store.read("SECRET") },
  {
    name: "keyward `resolve`",
    resolve: (store, models) =>
      createSecrets({ providers: [store.asProvider()] }).resolve(configWith(models)),
  },
  {
    name: "keyward `resolve`, the store lists",
    resolve: (store, models) =>
      createSecrets({ providers: [store.asListingProvider(namesFor(models))] }).resolve(configWith(models)),
  },
  {
    name: "lru-cache `fetch`, all at once",
    resolve: (store, models) => {
      const cache = lruCache((key) => store.read(key));
      return Promise.all(namesFor(models).map((name) => cache.fetch(name)));
    },
  },
  {
    name: "powertools `get`, all at once",
    resolve: (store, models) => {
      const parameters = new PowertoolsParameters((key) => store.read(key));
      return Promise.all(namesFor(models).map((name) => parameters.get(name, maxAge)));
    },
  },
];

async function measureResolve(rounds: number, models: number, latencyMs: number): Promise<Report> {
  const reads = contenders.map(() => new Set<number>());
  const times = await inRounds(
    rounds,
    "ms",
    contenders.map(({ resolve }, index) => async () => {
      const store = new CountingStore({ latency: () => wait(latencyMs) });
      const startedAt = performance.now();
      await resolve(store, models);
      const elapsed = performance.now() - startedAt;
      reads[index]?.add(store.reads);
      return elapsed;
    }),
  );
  return {
    title: `Resolving a config with ${2 * models} references`,
    method: `${models} models with two different references each; the store takes ${latencyMs} ms for an answer. The peers have nothing that walks a config: they are given the bare names. ${rounds} rounds after one to warm up, each with an empty cache.`,
    columns: ["reads of the store", "time"],
    rows: contenders.map(({ name }, index) => ({
      name,
      figures: [[...(reads[index] ?? [])].join(" or "), times[index] ?? ""],
    })),
  };
}

function configWith(models: number): object {
  return {
    model_list: Array.from({ length: models }, (_, index) => ({
      model_name: `model-${index}`,
      litellm_params: {
        model: `azure/deployment-${index}`,
        api_key: `os.environ/KEY_${index}`,
        api_base: `os.environ/BASE_${index}`,
        rpm: 60,
      },
    })),
    general_settings: { master_key: "sk-1234" },
  };
}

function namesFor(models: number): string[] {
  return Array.from({ length: models }, (_, index) => [`KEY_${index}`, `BASE_${index}`]).flat();
}

export const resolveConfig: Benchmark = {
  full: () => measureResolve(21, 100, 50),
  tiny: () => measureResolve(1, 2, 1),
};
