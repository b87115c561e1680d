import type { Benchmark, Report, Row } from "../benchmark.ts";
import { contenders, missingOnes, presentOnes } from "./contenders.ts";
import { Load } from "./load.ts";
import { startProcess } from "./process.ts";
import { memoryMegabytes, usageMissing } from "./process-usage.ts";
import { streamedQuestion } from "./questions.ts";
import { until } from "./until.ts";
import { connectionsOf, sendEvent } from "./upstream.ts";

/** Opens many streams at once, sends an event through every one, and lets all clients go. */
async function measureOpenStreams(rounds: number, clients: number): Promise<Report> {
  const rows: Row[] = [];
  for (const { name, start } of presentOnes(contenders)) {
    const [idle, open, peak, gone]: number[][] = [[], [], [], []];
    let served = clients;
    for (let round = 0; round < rounds; round += 1) {
      await using upstream = await startProcess("upstream", "held");
      await using load = await Load.start();
      await using running = await start(upstream.port);
      idle?.push(memoryMegabytes(running.pid).now);
      await load.open({ port: running.port, clients, body: streamedQuestion, reading: true });
      await until(10_000, async () => (await load.withEvents(1)) === clients);
      await sendEvent(upstream);
      await until(10_000, async () => (await load.withEvents(2)) === clients);
      served = Math.min(served, await load.withEvents(2));
      const memory = memoryMegabytes(running.pid);
      open?.push(memory.now);
      peak?.push(memory.peak);
      const leftAt = performance.now();
      await load.leave();
      await until(10_000, async () => (await connectionsOf(upstream)) === 0);
      gone?.push(performance.now() - leftAt);
    }
    const megabytes = (samples: number[] = []) => ({ unit: "MB", samples });
    rows.push({
      name,
      figures: [
        `${served.toLocaleString("en-US")} of ${clients.toLocaleString("en-US")}`,
        megabytes(idle),
        megabytes(open),
        megabytes(peak),
        { unit: "ms", samples: gone ?? [] },
      ],
    });
  }
  return {
    title: `${clients.toLocaleString("en-US")} open streams`,
    method:
      `Clients come 50 at a time; when all have their first event, the upstream sends every one another, and then all ` +
      `clients go. ${rounds} rounds, each with a new process. A stream counts as served when both events reached its ` +
      `client within 10 s each. ${missingOnes(contenders)}`,
    columns: [
      "served",
      "memory before",
      "with all open",
      "at most",
      "until the last upstream connection was closed",
    ],
    rows,
  };
}

export const openStreams: Benchmark = {
  missing: usageMissing,
  full: () => measureOpenStreams(5, 1_000),
  tiny: () => measureOpenStreams(1, 3),
};
