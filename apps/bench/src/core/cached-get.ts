import type { Benchmark, Report } from "../benchmark.ts";
import { measureReaders } from "./cached-readers.ts";

/** The loop is inside the measurement: reading a clock around each call would cost more than the call. */
async function measureCachedGet(rounds: number, times: number): Promise<Report> {
  const measured = await measureReaders(rounds, times, "ns", async (run) => {
    const startedAt = process.hrtime.bigint();
    await run();
    return Number(process.hrtime.bigint() - startedAt) / times;
  });
  return {
    title: "A cached get",
    method: `${times.toLocaleString("en-US")} calls a round, ${rounds} rounds after one to warm up. lru-cache looks at the clock once a millisecond and only when a timer can run, which is never within a round; the others look at each call.`,
    ...measured,
  };
}

export const cachedGet: Benchmark = {
  full: () => measureCachedGet(15, 500_000),
  tiny: () => measureCachedGet(1, 10),
};
