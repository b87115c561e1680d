import type { Samples } from "./benchmark.ts";

/** Something to be measured; returns one figure. */
export type Measurement = () => Promise<number>;

/**
 * Runs every measurement once in each round rather than all rounds of one after the other, so that a disturbance
 * of the machine falls on all alike. The first round warms up and is not counted.
 */
export async function inRounds(
  rounds: number,
  unit: string,
  measurements: readonly Measurement[],
): Promise<Samples[]> {
  const results = measurements.map((measure) => ({ measure, samples: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { measure, samples } of results) {
      const figure = await measure();
      if (round > 0) samples.push(figure);
    }
  }
  return results.map(({ samples }) => ({ unit, samples }));
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
