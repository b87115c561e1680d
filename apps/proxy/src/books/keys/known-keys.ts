import type { NanoDollars } from "../prices/money.ts";
import type { VirtualKey } from "./virtual-key.ts";

export interface KnownKeysOptions {
  /** Asks the database. `undefined` when it says that there is no such key; throws when it says nothing. */
  readonly read: (token: string) => Promise<VirtualKey | undefined>;
  /** Whether the database tells of changes at the moment, so that what is known needs to be asked for seldom. */
  readonly told: () => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** How long a key goes on working that the database cannot be asked about, in milliseconds. */
export const knownKeyLimit = 3_600_000;
/** How long a key is taken as it is known: while the database tells of changes, and while it does not. */
const freshWhenTold = 60_000;
const freshUntold = 1000;
/** How long a key that is not there is taken for that. */
const freshAbsence = 1000;
/** After it gave no answer, the database is asked again for known keys behind their callers' backs only. */
const patience = 5000;
const mostKeys = 100_000;
const mostAbsent = 10_000;
/** Keys that are being asked for at once: whoever makes keys up keeps no more of them, nor of the database, busy. */
const mostReading = 1000;

/** Too many keys are being asked for at the same time. */
export class TooManyReadings extends Error {
  override readonly name = "TooManyReadings";
}

interface Known {
  readonly key: VirtualKey;
  readonly confirmedAt: number;
  freshUntil: number;
}

/** Keys that have been used, so that the next request with one of them need not wait for the database. */
export class KnownKeys {
  readonly #options: KnownKeysOptions;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #absent = new Map<string, number>();
  readonly #reading = new Map<string, Promise<VirtualKey | undefined>>();
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KnownKeysOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The key, at once when it is known; `undefined` when there is none. @throws what `read` throws */
  get(token: string): VirtualKey | undefined | Promise<VirtualKey | undefined> {
    const now = this.#now();
    const known = this.#known.get(token);
    if (known === undefined)
      return (this.#absent.get(token) ?? 0) > now ? undefined : this.#readUnknown(token);
    if (now < known.freshUntil) return known.key;
    if (now - known.confirmedAt >= knownKeyLimit) return this.#read(token);
    // A key that is known goes on working while the database is away.
    const reading = this.#read(token).catch(() => known.key);
    return this.#options.told() || now - this.#failedAt < patience ? known.key : reading;
  }

  /** What the database has counted for a key since it was read. */
  noteSpend(token: string, spend: NanoDollars): void {
    const known = this.#known.get(token);
    if (known !== undefined) known.key.spend = spend;
  }

  /** Something about these keys has changed: they are asked for before they are used again. */
  forget(tokens: readonly string[]): void {
    for (const token of tokens) {
      this.#known.delete(token);
      this.#absent.delete(token);
      // What is being read now may be what was before.
      this.#reading.delete(token);
    }
  }

  /** Changes may have been missed: everything is asked for again when it is next used. */
  doubt(): void {
    this.#absent.clear();
    for (const known of this.#known.values()) known.freshUntil = 0;
  }

  /** Known keys are not held up by this: a flood must not keep one at work that is no more. */
  #readUnknown(token: string): Promise<VirtualKey | undefined> {
    const full = this.#reading.size >= mostReading && !this.#reading.has(token);
    return full ? Promise.reject(new TooManyReadings()) : this.#read(token);
  }

  #read(token: string): Promise<VirtualKey | undefined> {
    const before = this.#reading.get(token);
    if (before !== undefined) return before;
    const reading = this.#options.read(token).then(
      (key) => {
        if (this.#reading.get(token) === reading) this.#note(token, key);
        return key;
      },
      (error: unknown) => {
        if (this.#reading.get(token) === reading) this.#reading.delete(token);
        this.#failedAt = this.#now();
        const known = this.#known.get(token);
        if (known !== undefined) known.freshUntil = this.#failedAt + freshUntold;
        throw error;
      },
    );
    this.#reading.set(token, reading);
    return reading;
  }

  #note(token: string, key: VirtualKey | undefined): void {
    this.#reading.delete(token);
    this.#known.delete(token);
    const now = this.#now();
    if (key === undefined) {
      if (this.#absent.size >= mostAbsent) this.#absent.clear();
      this.#absent.set(token, now + freshAbsence);
      return;
    }
    const [oldest] = this.#known.keys();
    if (this.#known.size >= mostKeys && oldest !== undefined) this.#known.delete(oldest);
    const fresh = this.#options.told() ? freshWhenTold : freshUntold;
    this.#known.set(token, { key, confirmedAt: now, freshUntil: now + fresh });
  }
}
