import type { Report, Row, Samples } from "../benchmark.ts";
import { median } from "../rounds.ts";
import type { Contender, Running } from "./contender.ts";
import { Load } from "./load.ts";
import { startProcess } from "./process.ts";
import { cpuMicroseconds, memoryMegabytes } from "./process-usage.ts";

export interface TrafficOptions {
  /** The first is what the others are compared with. */
  readonly contenders: readonly Contender[];
  readonly answer: "plain" | "stream";
  readonly body: string;
  readonly clients: number;
  readonly rounds: number;
  /** Of every turn. */
  readonly milliseconds: number;
  /** Of every contender before the first round. */
  readonly warmUpMilliseconds: number;
}

interface Turn {
  readonly cpu: number;
  readonly perSecond: number;
  readonly firstByte: number;
  readonly memory: number;
  readonly pieces: number;
}

export type TrafficReport = Pick<Report, "columns" | "rows"> & {
  /** In how many pieces, on average, an answer of each reached its client. */
  readonly answeredIn: string;
};

/** Sends the same traffic through every contender in turn. */
export async function measureTraffic(options: TrafficOptions): Promise<TrafficReport> {
  const { contenders, answer, body, clients, rounds, milliseconds, warmUpMilliseconds } = options;
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(await startProcess("upstream", answer));
  const load = stack.use(await Load.start());
  const running: Running[] = [];
  for (const contender of contenders) running.push(stack.use(await contender.start(upstream.port)));
  for (const { port } of running) {
    await load.run({ port, clients, body, milliseconds: warmUpMilliseconds });
  }

  /** One client alone, because among many the first byte waits for the others' requests. */
  const alone = { clients: 1, body, milliseconds: milliseconds / 2 };
  const turns = running.map((): Turn[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const direct = await load.run({ ...alone, port: upstream.port });
    for (const [index, { pid, port }] of startingAt(round, running)) {
      const before = cpuMicroseconds(pid);
      const { requests, seconds, pieces } = await load.run({ port, clients, body, milliseconds });
      const cpu = (cpuMicroseconds(pid) - before) / requests;
      const { firstByte } = await load.run({ ...alone, port });
      turns[index]?.push({
        cpu,
        perSecond: requests / seconds,
        firstByte: (firstByte - direct.firstByte) * 1000,
        memory: memoryMegabytes(pid).now,
        pieces,
      });
    }
  }
  return {
    columns: ["CPU per request", "beside the first", "requests/s", "added to the first byte", "memory"],
    rows: contenders.map(({ name }, index) => row(name, turns[index] ?? [], turns[0] ?? [])),
    answeredIn: turns.map((each) => median(each.map(({ pieces }) => pieces)).toFixed(1)).join(", "),
  };
}

/** Nobody always follows the same neighbour. */
function startingAt<T>(round: number, all: readonly T[]): [number, T][] {
  const first = round % all.length;
  const entries = [...all.entries()];
  return [...entries.slice(first), ...entries.slice(0, first)];
}

function row(name: string, turns: readonly Turn[], floor: readonly Turn[]): Row {
  const samples = (unit: string, key: keyof Turn): Samples => ({
    unit,
    samples: turns.map((turn) => turn[key]),
  });
  const ratios = turns.map(({ cpu }, round) => cpu / (floor[round]?.cpu ?? Number.NaN));
  return {
    name,
    figures: [
      samples("µs", "cpu"),
      ratios.every(Number.isFinite) ? `${median(ratios).toFixed(2)} times` : "too short to tell",
      samples("", "perSecond"),
      samples("µs", "firstByte"),
      samples("MB", "memory"),
    ],
  };
}
