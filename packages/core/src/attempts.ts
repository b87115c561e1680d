import type { Clock } from "./clock.ts";
import type { ClassifiedFailure } from "./failure.ts";
import type { RetryPolicy } from "./policy.ts";

export type Attempted<T> =
  | { readonly ok: true; readonly answer: T; readonly startedAt: number }
  | { readonly ok: false; readonly failure: ClassifiedFailure };

export interface AttemptsOptions<T> {
  readonly run: (signal: AbortSignal) => Promise<T>;
  readonly classify: (thrown: unknown) => ClassifiedFailure;
  readonly onTimeout: () => ClassifiedFailure;
  readonly onClose: () => ClassifiedFailure;
  /** Registers a function that ends the read when the manager closes; returns its removal. */
  readonly untilClose: (end: () => void) => () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  readonly deadlineMs: number;
}

/**
 * Runs one read with its retries. Settles at the deadline or the close whatever `run` does, never rejects, and lets
 * nothing that `run` does afterwards reach anybody.
 */
export function attempt<T>(options: AttemptsOptions<T>): Promise<Attempted<T>> {
  const { clock, deadlineMs, untilClose } = options;
  const controller = new AbortController();
  return new Promise((resolve) => {
    const settle = (attempted: Attempted<T>) => {
      cancelDeadline();
      forget();
      resolve(attempted);
    };
    const cutShort = (failure: ClassifiedFailure) => {
      settle({ ok: false, failure });
      controller.abort();
    };
    const cancelDeadline = clock.after(deadlineMs, () => cutShort(options.onTimeout()));
    const forget = untilClose(() => cutShort(options.onClose()));
    void repeat(options, controller.signal, clock.now() + deadlineMs).then(settle);
  });
}

async function repeat<T>(
  options: AttemptsOptions<T>,
  signal: AbortSignal,
  endsAt: number,
): Promise<Attempted<T>> {
  for (let number = 1; ; number += 1) {
    const startedAt = options.clock.now();
    try {
      return { ok: true, answer: await options.run(signal), startedAt };
    } catch (thrown) {
      const failure = options.classify(thrown);
      if (signal.aborted || number >= options.retry.attempts || !isTransient(failure))
        return { ok: false, failure };
      const delay = delayBefore(number, options, failure.error.retryAfterMs);
      if (options.clock.now() + delay >= endsAt) return { ok: false, failure };
      await pause(options.clock, delay, signal);
    }
    if (signal.aborted) return { ok: false, failure: options.onTimeout() };
  }
}

function isTransient({ kind }: ClassifiedFailure): boolean {
  return kind === "unavailable" || kind === "throttled";
}

function delayBefore<T>(retryNumber: number, { retry, random }: AttemptsOptions<T>, asked = 0): number {
  const longest = Math.min(retry.capMs, retry.baseMs * 2 ** (retryNumber - 1));
  return asked + random() * longest;
}

function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    signal.addEventListener(
      "abort",
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
