import type { Scheduler } from "fast-check";
import type {
  FailureKind,
  ReadAllContext,
  ReadContext,
  SecretProvider,
  SecretReading,
} from "../src/provider.ts";

/**
 * A store whose secrets all have one value, which counts up. Its reads take two turns of the scheduler: the value is
 * looked up at some moment after the call and handed over at some moment after that.
 */
export class ScheduledStore implements SecretProvider {
  readonly name: string = "scheduled-store";
  /** When each value was replaced, by value. The current one has no entry. */
  readonly replacedAt: number[] = [];
  current = 0;
  failing: FailureKind | undefined;
  absent = false;
  hanging = false;
  /** The most reads of one key, or listings, under way at once. */
  mostInFlight = 0;
  readonly #inFlight = new Map<string, number>();
  readonly #scheduler: Scheduler;
  readonly #now: () => number;

  constructor(scheduler: Scheduler, now: () => number) {
    this.#scheduler = scheduler;
    this.#now = now;
  }

  rotate(): void {
    this.replacedAt.push(this.#now());
    this.current += 1;
  }

  async readSecret(key: string, { signal }: ReadContext): Promise<SecretReading | undefined> {
    const inFlight = (this.#inFlight.get(key) ?? 0) + 1;
    this.#inFlight.set(key, inFlight);
    this.mostInFlight = Math.max(this.mostInFlight, inFlight);
    try {
      return await untilAbort(this.#answer(), signal);
    } finally {
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) - 1);
    }
  }

  classify(error: unknown): FailureKind | undefined {
    return error instanceof Failure ? error.kind : undefined;
  }

  async #answer(): Promise<SecretReading | undefined> {
    await this.#scheduler.schedule(Promise.resolve(), "the store looks");
    if (this.hanging) return new Promise<never>(() => undefined);
    const failing = this.failing;
    const reading = this.absent ? undefined : { value: String(this.current) };
    await this.#scheduler.schedule(Promise.resolve(), "the store answers");
    if (failing !== undefined) throw new Failure(failing);
    return reading;
  }
}

/** The same store, which lists. */
export class ScheduledListing extends ScheduledStore {
  async readAll(context: ReadAllContext): Promise<ReadonlyMap<string, SecretReading>> {
    const reading = await this.readSecret("all of them", context);
    return new Map(reading === undefined ? [] : ["A", "B"].map((key) => [key, reading]));
  }
}

class Failure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind) {
    super(kind);
    this.kind = kind;
  }
}

function untilAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Failure("unavailable")));
    promise.then(resolve, reject);
  });
}
