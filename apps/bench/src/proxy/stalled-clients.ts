import type { Benchmark, Report, Row } from "../benchmark.ts";
import { contenders, missingOnes, presentOnes } from "./contenders.ts";
import { Load } from "./load.ts";
import { startProcess } from "./process.ts";
import { memoryMegabytes, usageMissing } from "./process-usage.ts";
import { streamedQuestion } from "./questions.ts";
import { until } from "./until.ts";
import { connectionsOf, sentBy } from "./upstream.ts";

interface Size {
  readonly rounds: number;
  readonly clients: number;
  /** How long the upstream must have been silent for all buffers to count as full. */
  readonly silence: number;
  /** After that, whoever still reads has no back-pressure. */
  readonly patience: number;
}

/** Asks for streams that have no end, and does not read them. */
async function measureStalledClients({ rounds, clients, silence, patience }: Size): Promise<Report> {
  const rows: Row[] = [];
  for (const { name, start } of presentOnes(contenders)) {
    const grown: number[] = [];
    const sent: number[] = [];
    let stopped = 0;
    for (let round = 0; round < rounds; round += 1) {
      await using upstream = await startProcess("upstream", "endless");
      await using load = await Load.start();
      await using running = await start(upstream.port);
      const { now: before } = memoryMegabytes(running.pid);
      await load.open({ port: running.port, clients, body: streamedQuestion, reading: false });
      await until(patience, async () => (await connectionsOf(upstream)) === clients);
      let last = { bytes: 0, at: performance.now() };
      const silent = await until(patience, async () => {
        const bytes = await sentBy(upstream);
        if (bytes !== last.bytes) last = { bytes, at: performance.now() };
        return bytes > 0 && performance.now() - last.at >= silence;
      });
      if (silent) stopped += 1;
      grown.push(memoryMegabytes(running.pid).peak - before);
      sent.push(last.bytes / 2 ** 20);
    }
    rows.push({
      name,
      figures: [`${stopped} of ${rounds}`, { unit: "MB", samples: sent }, { unit: "MB", samples: grown }],
    });
  }
  return {
    title: `${clients} clients that do not read`,
    method:
      `Each asks for a stream without an end, of events of 16 kB, and reads none of it. The upstream has come to rest ` +
      `when it could send nothing for ${silence / 1000} s; it is watched for ${patience / 1000} s. What it sent until then ` +
      `is mostly in the system's socket buffers. ${rounds} rounds, each with a new process. ${missingOnes(contenders)}`,
    columns: ["rounds in which the upstream came to rest", "sent until then", "memory grown by, at most"],
    rows,
  };
}

export const stalledClients: Benchmark = {
  missing: usageMissing,
  full: () => measureStalledClients({ rounds: 5, clients: 50, silence: 1_000, patience: 15_000 }),
  tiny: () => measureStalledClients({ rounds: 1, clients: 1, silence: 50, patience: 5_000 }),
};
