/**
 * The promise, or a rejection with the signal's reason as soon as it aborts. The SDK passes a signal to its requests
 * to the vault and nowhere else: a token endpoint that hangs, or a process of a developer tool, does not see it.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
