import type { Cell, Outcome } from "./cell.ts";
import { SecretError } from "./errors.ts";
import type { SecretReading } from "./provider.ts";
import type { Route, Stop } from "./route.ts";
import { closedError, type Runtime } from "./runtime.ts";

/** A value found on the way along a route. */
export interface Found {
  readonly cell: Cell;
  readonly reading: SecretReading;
  readonly provider: string;
  readonly readAt: number;
  readonly stale: boolean;
}

/**
 * Asks the stops of a route in order. Only *absent* moves on, and the failures that the application named; if one
 * of those was passed over and nobody had the secret, that failure is thrown: it might have been there.
 */
export async function walk(
  route: Route,
  runtime: Runtime,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  if (runtime.lifetime.closed) throw closedError(route.name);
  const patience = new Patience(route, runtime, signal);
  route.inUse += 1;
  try {
    let passedOver: SecretError | undefined;
    for (const stop of route.stops) {
      const outcome = knownNow(stop, runtime) ?? (await patience.wait(stop.source.load(stop.cell), stop));
      if (outcome.status === "found") return found(stop, outcome, runtime);
      if (outcome.status === "absent") continue;
      if (!runtime.continueOn.has(outcome.kind)) throw errorFor(outcome.error, route.name);
      passedOver ??= outcome.error;
    }
    if (passedOver !== undefined) throw errorFor(passedOver, route.name);
    return undefined;
  } finally {
    route.inUse -= 1;
    patience.end();
  }
}

/** Each caller gets an error with a stack and a key of its own. */
function errorFor({ code, message, provider, reason, retryAfterMs }: SecretError, key: string): SecretError {
  return new SecretError({
    code,
    message,
    key,
    provider,
    reason,
    retryAfterMs,
  });
}

function knownNow({ source, cell }: Stop, { clock, emit }: Runtime): Outcome | undefined {
  const now = clock.now();
  const fresh = cell.isFresh(now);
  if (fresh && cell.status === "absent") return { status: "absent" };
  const { reading, readAt } = cell;
  if (reading !== undefined && fresh) {
    emit?.({ type: "hit", provider: source.provider.name, key: cell.key });
    return { status: "found", reading, readAt, stale: false };
  }
  if (reading !== undefined && cell.restsOnStale(now))
    return { status: "found", reading, readAt, stale: true };
  emit?.({ type: "miss", provider: source.provider.name, key: cell.key });
  return undefined;
}

function found(stop: Stop, outcome: Outcome & { status: "found" }, { clock, emit }: Runtime): Found {
  const { reading, readAt, stale } = outcome;
  const { cell } = stop;
  const provider = stop.source.provider.name;
  if (stale)
    emit?.({
      type: "stale",
      provider,
      key: cell.key,
      ageMs: clock.now() - readAt,
    });
  return { cell, reading, provider, readAt, stale };
}

/** One caller's wait: over at the abort of its signal and at its own deadline, whatever it waits for. */
class Patience {
  readonly #route: Route;
  readonly #runtime: Runtime;
  readonly #signal: AbortSignal | undefined;
  readonly #endsAt: number;
  #stop: Stop | undefined;
  #over: Promise<Outcome> | undefined;
  #cleanUp: () => void = () => undefined;

  constructor(route: Route, runtime: Runtime, signal: AbortSignal | undefined) {
    this.#route = route;
    this.#runtime = runtime;
    this.#signal = signal;
    this.#endsAt = runtime.clock.now() + runtime.deadlineMs;
  }

  wait(outcome: Promise<Outcome>, stop: Stop): Promise<Outcome> {
    this.#stop = stop;
    this.#over ??= this.#begin();
    return Promise.race([outcome, this.#over]);
  }

  end(): void {
    this.#cleanUp();
  }

  #begin(): Promise<Outcome> {
    const { clock, deadlineMs } = this.#runtime;
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(abortedError(this.#route.name));
      // One tick after the read's own deadline, so that the read, which knows more, speaks first.
      const cancel = clock.after(this.#endsAt - clock.now() + 1, () => {
        const cell = this.#stop?.cell;
        if (cell?.reading !== undefined && cell.mayServeStale(clock.now()))
          resolve({ status: "found", reading: cell.reading, readAt: cell.readAt, stale: true });
        else reject(outOfTime(this.#route.name, this.#stop, deadlineMs));
      });
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#cleanUp = () => {
        cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      if (signal?.aborted) onAbort();
    });
  }
}

export function abortedError(key?: string): SecretError {
  const what = key === undefined ? "The call" : `The wait for "${key}"`;
  return new SecretError({
    code: "aborted",
    key,
    message: `${what} was ended by its caller's AbortSignal.`,
  });
}

function outOfTime(key: string, stop: Stop | undefined, deadlineMs: number): SecretError {
  const provider = stop?.source.provider.name;
  return new SecretError({
    code: "timeout",
    key,
    provider,
    message: `${provider}: "${key}" could not be read within ${deadlineMs} ms. Check that the store is up and that this machine reaches it, or raise deadlineMs.`,
  });
}
