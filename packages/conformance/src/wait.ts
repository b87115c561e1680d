// Taken at import: a test file that fakes timers must not stop the suite's own clock.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

export const late: unique symbol = Symbol("late");

/** What the promise settles to, or `late`. A rejection after that is dropped: it has been judged as late. */
export function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | typeof late> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => resolve(late), milliseconds);
    // Cleared before anybody goes on: one check counts timers.
    promise.then(
      (value) => {
        stopTimer(timer);
        resolve(value);
      },
      (error) => {
        stopTimer(timer);
        reject(error);
      },
    );
  });
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    startTimer(resolve, milliseconds);
  });
}

/** Whether the condition came true in time. */
export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() >= end) return false;
    await pause(2);
  }
  return true;
}
