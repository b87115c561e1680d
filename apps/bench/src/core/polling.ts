import { createSecrets, type SecretsOptions } from "@keyward/core";
import type { Benchmark, Report, Row } from "../benchmark.ts";
import { CountingStore } from "./counting-store.ts";
import { seededRandom } from "./random.ts";
import { VirtualClock } from "./virtual-clock.ts";

interface Case {
  readonly name: string;
  readonly secrets: number;
  /** How many of the secrets somebody subscribes to. */
  readonly subscribed: number;
  readonly subscribersEach: number;
  /** Whether the values are unknown when the subscriptions are made. */
  readonly cold?: boolean;
  readonly options?: Partial<SecretsOptions>;
  readonly lists?: boolean;
}

interface Size {
  readonly secrets: number;
  readonly subscribers: number;
  readonly intervals: number;
}

const intervalMs = 60_000;
const latencyMs = 50;

async function measurePolling({ secrets, subscribers, intervals }: Size): Promise<Report> {
  const all = { secrets, subscribed: secrets, subscribersEach: subscribers };
  // The worst that could be: all are looked at in the same moment, and again after exactly one interval.
  const inStep = { random: () => 0.5 };
  const cases: Case[] = [
    {
      name: `${subscribers} of them with one subscriber each`,
      secrets,
      subscribed: subscribers,
      subscribersEach: 1,
    },
    { name: "all", ...all },
    { name: "all, without jitter or a spread start", ...all, options: inStep },
    {
      name: "all, without jitter, spread start or limit",
      ...all,
      options: { ...inStep, poll: { concurrency: Number.POSITIVE_INFINITY } },
    },
    { name: "all, the values unknown at first", ...all, cold: true },
    { name: "all, the store lists", ...all, lists: true },
  ];
  const rows: Row[] = [];
  for (const each of cases) rows.push(await poll(each, intervals));
  return {
    title: `Polling ${secrets.toLocaleString("en-US")} secrets with ${subscribers} subscribers each`,
    method: `${intervals} intervals of ${intervalMs / 1_000} s in virtual time, from a seeded source of randomness: every run gives the same figures. The store takes ${latencyMs} ms and cannot tell of changes. Unless said otherwise, the values are known when the subscriptions are made.`,
    columns: [
      "subscriptions",
      "reads an interval, mean",
      "reads a second, mean",
      "in the busiest second",
      "most at once",
    ],
    rows,
  };
}

async function poll(each: Case, intervals: number): Promise<Row> {
  const clock = new VirtualClock();
  const readsInSecond = new Map<number, number>();
  const store = new CountingStore({
    latency: () => clock.wait(latencyMs),
    onRead: () => {
      const second = Math.floor(clock.now() / 1_000);
      readsInSecond.set(second, (readsInSecond.get(second) ?? 0) + 1);
    },
  });
  const names = Array.from({ length: each.secrets }, (_, index) => `SECRET_${index}`);
  const provider = each.lists ? store.asListingProvider(names) : store.asProvider();
  const secrets = createSecrets({ providers: [provider], clock, random: seededRandom(1), ...each.options });
  if (!each.cold) {
    const known = secrets.getMany(names);
    await clock.run(1_000);
    await known;
    store.forgetCounts();
    readsInSecond.clear();
  }
  for (const key of names.slice(0, each.subscribed)) {
    for (let made = 0; made < each.subscribersEach; made += 1) secrets.subscribe(key, () => undefined);
  }
  await clock.run(intervals * intervalMs);
  const closing = secrets.close();
  await clock.run(0);
  await closing;

  const { reads, mostUnderWay } = store;
  return {
    name: each.name,
    figures: [
      each.subscribed * each.subscribersEach,
      reads / intervals,
      (reads / intervals) * (1_000 / intervalMs),
      Math.max(0, ...readsInSecond.values()),
      mostUnderWay,
    ].map((figure) => figure.toLocaleString("en-US", { maximumFractionDigits: 2 })),
  };
}

export const polling: Benchmark = {
  full: () => measurePolling({ secrets: 1_000, subscribers: 100, intervals: 20 }),
  tiny: () => measurePolling({ secrets: 3, subscribers: 2, intervals: 2 }),
};
