import { untilAborted } from "../until-aborted.ts";

/** Runs `run`, or joins whoever is running it under the same key. A caller aborts its own wait only. */
export type SingleFlight<T> = (
  key: string,
  run: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

/** One run for all who want the same at the same time, aborted when the last of them has given up. */
export function singleFlight<T>(): SingleFlight<T> {
  const flights = new Map<
    string,
    { readonly result: Promise<T>; leave(reason: unknown): void; callers: number }
  >();

  function begin(key: string, run: (signal: AbortSignal) => Promise<T>) {
    const controller = new AbortController();
    const result = run(controller.signal);
    const end = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const flight = {
      result,
      callers: 0,
      leave(reason: unknown): void {
        flight.callers -= 1;
        if (flight.callers > 0) return;
        // Whoever comes now begins anew and is not handed an aborted run.
        end();
        controller.abort(reason);
      },
    };
    result.then(end, end);
    flights.set(key, flight);
    return flight;
  }

  return async (key, run, signal) => {
    signal.throwIfAborted();
    const flight = flights.get(key) ?? begin(key, run);
    flight.callers += 1;
    const leave = (): void => flight.leave(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await untilAborted(flight.result, signal);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
}
