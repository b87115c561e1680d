import type { Clock } from "@keyward/core";

/** The system's clock and timers. */
export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, callback, background = false) {
    const timer = setTimeout(callback, milliseconds);
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};
