/** Waits for `work` until `signal` aborts, then rejects with its reason. What `work` does later is nobody's concern. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * Runs `work` under a signal that aborts with either of two. Unlike `AbortSignal.any` it leaves nothing behind on a
 * signal that outlives the work.
 */
export async function underBoth<T>(
  first: AbortSignal,
  second: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const both = new AbortController();
  const signals = [first, second];
  const abort = () => both.abort(signals.find(({ aborted }) => aborted)?.reason);
  if (first.aborted || second.aborted) abort();
  for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
  try {
    both.signal.throwIfAborted();
    return await work(both.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}

/**
 * Lets callers that come while `work` is under way share it. Each may leave when its own signal aborts; the last one
 * to leave aborts the work. A failure is forgotten with the callers that saw it.
 */
export function shared<T>(work: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let current: { promise: Promise<T>; controller: AbortController; callers: number } | undefined;

  function begin() {
    const controller = new AbortController();
    const begun = { promise: work(controller.signal), controller, callers: 0 };
    const forget = () => {
      if (current === begun) current = undefined;
    };
    begun.promise.then(forget, forget);
    return begun;
  }

  return async (signal) => {
    current ??= begin();
    const joined = current;
    joined.callers += 1;
    try {
      return await untilAborted(joined.promise, signal);
    } finally {
      joined.callers -= 1;
      if (joined.callers === 0) {
        if (current === joined) current = undefined;
        joined.controller.abort();
      }
    }
  };
}
