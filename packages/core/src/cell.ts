import type { SecretError } from "./errors.ts";
import type { CachePolicy } from "./policy.ts";
import type { FailureKind, SecretReading } from "./provider.ts";
import type { Redactor } from "./redactor.ts";

/** How a load ended, for everyone who waited for it. */
export type Outcome =
  | {
      readonly status: "found";
      readonly reading: SecretReading;
      readonly readAt: number;
      readonly stale: boolean;
    }
  | { readonly status: "absent" }
  | {
      readonly status: "failed";
      readonly kind: FailureKind;
      readonly error: SecretError;
    };

export interface Flight {
  readonly epoch: number;
  readonly outcome: Promise<Outcome>;
}

/**
 * What is known of one secret in one store: the cache entry. Nothing here asks the store or looks at a clock.
 * Ages count from the moment the store was asked, so a value is never served longer than the policy allows.
 */
export class Cell {
  /** The first spelling asked for; errors and events name it. */
  readonly key: string;
  /** The store's spelling. */
  readonly storeKey: string;
  readonly version: string | undefined;
  status: "unknown" | "found" | "absent" = "unknown";
  reading: SecretReading | undefined;
  /** The value as `get` returns it, made once so that a hit allocates nothing. */
  value: Promise<string> | undefined;
  readAt = 0;
  /** The kind of the last load's failure; gone with the next success. */
  failed: FailureKind | undefined;
  /** Moves when somebody says that what is known may be old; a flight of an earlier epoch answers no later caller. */
  epoch: number;
  /** Whether a load has been asked for and has not begun. */
  due = false;
  flight: Flight | undefined;
  /** Routes that hold this cell. */
  holders = 0;
  readonly observers = new Set<() => void>();
  #freshUntil = 0;
  #staleUntil = 0;
  #retryAt = 0;
  #asked = false;
  #previousValue: string | undefined;

  constructor(key: string, storeKey: string, version: string | undefined, epoch: number) {
    this.key = key;
    this.storeKey = storeKey;
    this.version = version;
    this.epoch = epoch;
  }

  isFresh(now: number): boolean {
    return now < this.#freshUntil && now >= this.readAt;
  }

  /** Whether the last good value may stand in for a store that cannot be asked. */
  mayServeStale(now: number): boolean {
    return this.status === "found" && now < this.#staleUntil && now >= this.readAt;
  }

  /** Whether the stale value is to be served without trying the store first. */
  restsOnStale(now: number): boolean {
    return now < this.#retryAt && this.mayServeStale(now);
  }

  restUntil(time: number): void {
    this.#retryAt = time;
  }

  /** The next load asks the store; until it has answered, the last good value may still stand in. */
  expire(epoch: number): void {
    this.epoch = epoch;
    this.#freshUntil = 0;
    this.#retryAt = 0;
  }

  /** As `expire`, and the value is served no more. */
  invalidate(epoch: number): void {
    this.expire(epoch);
    this.#staleUntil = 0;
  }

  /** Takes in what the store answered. @returns whether version or value differ from what was known before. */
  accept(
    reading: SecretReading | undefined,
    readAt: number,
    epoch: number,
    policy: CachePolicy,
    redactor: Redactor,
  ): boolean {
    const before = this.reading;
    const changed = this.#asked && !isSame(before, reading);
    this.#asked = true;
    this.failed = undefined;
    this.#retryAt = 0;
    this.readAt = readAt;
    if (reading === undefined) {
      this.status = "absent";
      this.reading = undefined;
      this.value = undefined;
      this.#freshUntil = readAt + policy.absentTtlMs;
      this.#staleUntil = 0;
    } else {
      this.status = "found";
      if (before?.value !== reading.value || this.value === undefined)
        this.value = Promise.resolve(reading.value);
      this.reading = reading;
      const expiresAt = reading.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
      this.#freshUntil = Math.min(readAt + policy.ttlMs, expiresAt);
      this.#staleUntil = Math.min(readAt + policy.ttlMs + policy.maxStaleMs, expiresAt);
    }
    if (epoch < this.epoch) {
      this.#freshUntil = 0;
      this.#staleUntil = 0;
    }
    this.#remember(before?.value, reading?.value, redactor);
    return changed;
  }

  /** Drops the value because the store no longer gives it to us. */
  evict(): void {
    this.status = "unknown";
    this.#freshUntil = 0;
    this.#staleUntil = 0;
    this.#retryAt = 0;
  }

  /** Lets go of everything, values last seen included. */
  release(redactor: Redactor): void {
    this.evict();
    if (this.reading !== undefined) redactor.retire(this.reading.value);
    if (this.#previousValue !== undefined) redactor.retire(this.#previousValue);
    this.#previousValue = undefined;
    this.reading = undefined;
    this.value = undefined;
    this.#asked = false;
  }

  /** The current and the previous value are masked; the one before that joins the retired. */
  #remember(before: string | undefined, now: string | undefined, redactor: Redactor): void {
    if (before === now) return;
    if (now !== undefined) redactor.hold(now);
    if (before === undefined) return;
    if (this.#previousValue !== undefined) redactor.retire(this.#previousValue);
    this.#previousValue = before;
  }
}

function isSame(a: SecretReading | undefined, b: SecretReading | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.value === b.value && a.version === b.version);
}
