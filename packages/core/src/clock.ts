/** Where time comes from. Tests inject their own, so that none of them sleeps. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls `callback` once after `milliseconds`; the function returned cancels it.
   * With `background`, a pending timer does not keep the process alive.
   */
  after(milliseconds: number, callback: () => void, background?: boolean): () => void;
}

// setTimeout fires at once when the delay does not fit into 31 bits.
const longestDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, callback, background = false) {
    const timer: unknown = setTimeout(callback, Math.min(Math.max(milliseconds, 0), longestDelay));
    if (background) unref(timer);
    return () => clearTimeout(timer as number);
  },
};

function unref(timer: unknown): void {
  if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") {
    timer.unref();
  }
}
