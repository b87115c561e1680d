import { GCProfiler, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Benchmark, Report } from "../benchmark.ts";
import { measureReaders } from "./cached-readers.ts";

async function measureAllocation(rounds: number, times: number): Promise<Report> {
  const collect = garbageCollector();
  const measured = await measureReaders(rounds, times, "B", (run) => bytesPerCall(collect, times, run));
  return {
    title: "What a cached get allocates",
    method: `Growth of the heap over ${times.toLocaleString("en-US")} calls without a garbage collection, divided by their number; ${rounds} rounds after one to warm up.`,
    ...measured,
  };
}

/** Measures again when a collection fell into it, because it would hide what was allocated before. */
async function bytesPerCall(collect: () => void, times: number, run: () => unknown): Promise<number> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    collect();
    const profiler = new GCProfiler();
    profiler.start();
    const before = process.memoryUsage().heapUsed;
    await run();
    const grown = process.memoryUsage().heapUsed - before;
    if (profiler.stop().statistics.length === 0) return grown / times;
  }
  throw new Error(
    `Each of ten measurements met a garbage collection: ${times} calls do not fit into the young generation.`,
  );
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("This runtime does not give access to its collector.");
  return () => void collect();
}

export const allocation: Benchmark = {
  nodeFlags: ["--min-semi-space-size=256", "--max-semi-space-size=256"],
  full: () => measureAllocation(7, 200_000),
  tiny: () => measureAllocation(1, 10),
};
