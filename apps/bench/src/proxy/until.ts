import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again, for so many milliseconds. Whether the answer was yes in the end. */
export async function until(patience: number, question: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + patience;
  while (!(await question())) {
    if (performance.now() > deadline) return false;
    await wait(20);
  }
  return true;
}
