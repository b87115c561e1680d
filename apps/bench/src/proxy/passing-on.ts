import type { Benchmark, Report } from "../benchmark.ts";
import type { Contender } from "./contender.ts";
import { contenders, missingOnes, presentOnes } from "./contenders.ts";
import { keyward, keywardWithKey } from "./keyward.ts";
import { usageMissing } from "./process-usage.ts";
import { longQuestion, plainQuestion, streamedQuestion } from "./questions.ts";
import { measureTraffic, type TrafficOptions } from "./traffic.ts";

type Size = Pick<TrafficOptions, "rounds" | "milliseconds" | "warmUpMilliseconds" | "clients">;
type Question = Pick<TrafficOptions, "answer" | "body">;

const full: Size = { rounds: 7, milliseconds: 2_000, warmUpMilliseconds: 4_000, clients: 32 };
const tiny: Size = { rounds: 1, milliseconds: 1, warmUpMilliseconds: 0, clients: 2 };

function passingOn(title: string, question: Question, all: readonly Contender[] = contenders): Benchmark {
  const measure = async (size: Size): Promise<Report> => {
    const { answeredIn, ...table } = await measureTraffic({
      contenders: presentOnes(all),
      ...question,
      ...size,
    });
    const { clients, rounds, milliseconds, warmUpMilliseconds } = size;
    const method =
      `${clients} clients, each on a connection of its own, that ask again when they are answered; ${rounds} rounds of ` +
      `${milliseconds / 1000} s each, in turn, after ${warmUpMilliseconds / 1000} s to warm up. CPU is user and system ` +
      `time of the proxy's process, from the operating system; the ratio is the median of all rounds' ratios. The first ` +
      `byte is that of one client alone, less what it takes without a proxy. Answers came in ${answeredIn} pieces, in the ` +
      `table's order. ${missingOnes(all)}`;
    return { title, method, ...table };
  };
  return { missing: usageMissing, full: () => measure(full), tiny: () => measure(tiny) };
}

const plainly: Question = { answer: "plain", body: plainQuestion };
const asStream: Question = { answer: "stream", body: streamedQuestion };

export const plain = passingOn("A plain request: 1 kB to the model, 1 kB back", plainly);
export const streamed = passingOn("A streamed answer of 50 events, one every 2 ms", asStream);
export const largeBodies = passingOn("A request of 100 kB", { answer: "plain", body: longQuestion });

/** Node's default, and what V8 calls the young generation's half, in smaller sizes. */
const youngGenerations = [
  keyward(),
  ...[16, 8, 4].map((size) =>
    keyward(`with --max-semi-space-size=${size}`, [`--max-semi-space-size=${size}`]),
  ),
];

export const youngGeneration = passingOn(
  "A smaller young generation, plain requests",
  plainly,
  youngGenerations,
);
export const youngGenerationLarge = passingOn(
  "A smaller young generation, requests of 100 kB",
  { answer: "plain", body: longQuestion },
  youngGenerations,
);

/** The last one's limits are never reached: what is measured is looking at them. */
const withKeys = [
  keyward("master key"),
  keywardWithKey("virtual key", { max_budget: 1_000_000 }),
  keywardWithKey("and limits", {
    max_budget: 1_000_000,
    rpm_limit: 1_000_000_000,
    tpm_limit: 1_000_000_000_000,
    max_parallel_requests: 1000,
  }),
];

export const books = passingOn(
  "A virtual key with a budget, its spend written, and limits; plain requests",
  plainly,
  withKeys,
);
export const booksStreamed = passingOn("The same, streamed answers", asStream, withKeys);
