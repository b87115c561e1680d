import type { Fault } from "../fault.ts";

/** Longer waits are the caller's to decide: it is told of them instead. In milliseconds. */
const longestWait = 60_000;
const firstWait = 500;
const longestOwnWait = 8_000;

/**
 * Milliseconds before a deployment is asked again: what it asks for, else a wait that doubles each time, less up to a
 * quarter at random. `undefined` when it asks to be left alone for longer than a call should hang.
 */
export function waitBefore(
  retry: number,
  fault: Fault,
  least: number,
  random: () => number,
): number | undefined {
  const asked = fault.retryAfterMs;
  if (asked !== undefined && asked > longestWait) return undefined;
  const own = Math.min(firstWait * 2 ** retry, longestOwnWait) * (1 - random() / 4);
  return Math.max(asked === undefined || asked === 0 ? own : asked, least);
}
