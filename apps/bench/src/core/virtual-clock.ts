import { setImmediate as afterPromises } from "node:timers/promises";
import type { Clock } from "@keyward/core";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only in `run`, so that an hour takes seconds and every run gives the same figures. */
export class VirtualClock implements Clock {
  #now = 0;
  /** The latest first, so that the next one is taken off the end. */
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(milliseconds, 0), callback };
    this.#timers.splice(this.#placeBefore(timer.at), 0, timer);
    return () => {
      const from = this.#placeBefore(timer.at);
      const index = this.#timers.indexOf(timer, from);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  async run(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await afterPromises();
    for (;;) {
      const next = this.#timers.at(-1);
      if (next === undefined || next.at > end) break;
      this.#timers.pop();
      this.#now = next.at;
      next.callback();
      await afterPromises();
    }
    this.#now = end;
  }

  /** The first index whose timer is due at `at` or sooner: of timers due together, the first made is the last in the list. */
  #placeBefore(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? at) > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
