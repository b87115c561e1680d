import { type Attempted, attempt } from "./attempts.ts";
import type { Cell, Outcome } from "./cell.ts";
import { CellTable } from "./cell-table.ts";
import type { SecretError } from "./errors.ts";
import { classifyFailure, timeoutFailure } from "./failure.ts";
import { Listing, pick } from "./listing.ts";
import type { SecretProvider, SecretReading } from "./provider.ts";
import { checkListing, checkReading } from "./reading.ts";
import { closedError, type Runtime } from "./runtime.ts";
import { storeKeyOf } from "./store-key.ts";

/** One provider with what is known of its secrets. Every read of the store goes through here. */
export class Source {
  readonly id: string;
  readonly provider: SecretProvider;
  readonly listing: Listing | undefined;
  lastSuccessAt: number | undefined;
  lastFailure: { readonly at: number; readonly error: SecretError } | undefined;
  lastAttemptFailed = false;
  readonly #runtime: Runtime;
  readonly #cells = new CellTable();
  #epoch = 0;

  constructor(id: string, provider: SecretProvider, runtime: Runtime) {
    this.id = id;
    this.provider = provider;
    this.#runtime = runtime;
    if (provider.readAll !== undefined) this.listing = new Listing(() => this.#list());
  }

  /** The cells that somebody subscribed to: of one secret, by the store's spelling, or all. */
  observed(storeKey?: string): Cell[] {
    return [...this.#cells.of(storeKey)].filter(({ observers }) => observers.size > 0);
  }

  /** @throws SecretError `invalid_name` if the store cannot hold such a name. */
  hold(key: string, version: string | undefined): Cell {
    const storeKey = storeKeyOf(this.provider, key);
    const cell = this.#cells.hold(key, storeKey, version, this.#epoch);
    const otherKey = this.#cells.noteSpelling(key, storeKey);
    if (otherKey !== undefined) {
      this.#runtime.emit?.({ type: "collision", provider: this.provider.name, key, otherKey });
    }
    return cell;
  }

  letGo(cell: Cell): void {
    this.#cells.letGo(cell, this.#runtime.redactor);
  }

  /** Asks the store, or joins whoever is asking: never two reads of one cell at a time. */
  load(cell: Cell): Promise<Outcome> {
    if (this.#runtime.lifetime.closed) {
      return Promise.resolve({ status: "failed", kind: "unknown", error: closedError(cell.key) });
    }
    const { flight } = cell;
    if (flight !== undefined && flight.epoch !== cell.epoch)
      return flight.outcome.then(() => this.load(cell));
    cell.due = false;
    if (flight !== undefined) return flight.outcome;
    const { epoch } = cell;
    const outcome = this.#read(cell).then((attempted) => {
      cell.flight = undefined;
      return this.#conclude(cell, epoch, attempted);
    });
    cell.flight = { epoch, outcome };
    return outcome;
  }

  /** Lists anew, for all cells that somebody observes. What is cached stays in use meanwhile. */
  async relist(listing: Listing): Promise<void> {
    const { epoch, attempted } = await listing.refresh(this.#epoch);
    for (const cell of this.observed()) {
      if (cell.version !== undefined || cell.flight !== undefined) continue;
      const own = attempted.ok ? pick(attempted.answer, attempted.startedAt, cell) : attempted;
      this.#conclude(cell, epoch, own);
    }
  }

  /** What is known may be old: of one secret by its store key, or of all. The last good values may still stand in. */
  expire(storeKey?: string): void {
    this.#touch(storeKey, (cell, epoch) => cell.expire(epoch));
  }

  /** As `expire`, and nothing that is known is served any more. */
  invalidate(storeKey?: string): void {
    this.#touch(storeKey, (cell, epoch) => cell.invalidate(epoch));
  }

  #touch(storeKey: string | undefined, change: (cell: Cell, epoch: number) => void): void {
    this.#epoch += 1;
    for (const cell of this.#cells.of(storeKey)) change(cell, this.#epoch);
  }

  #read(cell: Cell): Promise<Attempted<SecretReading | undefined>> {
    const { listing } = this;
    if (listing !== undefined && cell.version === undefined) {
      return listing.find(cell, this.#epoch, this.#runtime.clock.now(), this.#runtime.cache);
    }
    const context = cell.version === undefined ? {} : { version: cell.version };
    return this.#attempt(cell.key, async (signal) =>
      checkReading(await this.provider.readSecret(cell.storeKey, { signal, ...context })),
    );
  }

  async #list(): Promise<Attempted<ReadonlyMap<string, SecretReading>>> {
    const attempted = await this.#attempt(undefined, async (signal) =>
      checkListing(await this.provider.readAll?.({ signal })),
    );
    if (!attempted.ok && attempted.failure.kind === "denied") {
      // Denied once is denied for every name that the listing would have held.
      for (const cell of this.#cells.of()) if (cell.version === undefined) cell.evict();
    }
    return attempted;
  }

  async #attempt<T>(
    key: string | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<Attempted<T>> {
    const { clock, random, retry, deadlineMs, lifetime, emit } = this.#runtime;
    // Also what waited for another read until the close asks the store no more.
    if (lifetime.closed) return { ok: false, failure: { kind: "unknown", error: closedError(key) } };
    const startedAt = clock.now();
    const attempted = await attempt({
      run,
      classify: (thrown) => classifyFailure(this.provider, key, thrown),
      onTimeout: () => timeoutFailure(this.provider, key, deadlineMs),
      onClose: () => ({ kind: "unknown", error: closedError(key) }),
      untilClose: (end) => lifetime.untilClose(end),
      clock,
      random,
      retry,
      deadlineMs,
    });
    const durationMs = clock.now() - startedAt;
    const provider = this.provider.name;
    if (attempted.ok) {
      this.lastSuccessAt = clock.now();
      this.lastAttemptFailed = false;
      if (attempted.answer === undefined) emit?.({ type: "absent", provider, key: key ?? "", durationMs });
      else emit?.({ type: "read", provider, key, durationMs });
    } else if (!lifetime.closed) {
      const { error } = attempted.failure;
      this.lastFailure = { at: clock.now(), error };
      this.lastAttemptFailed = true;
      emit?.({
        type: "failed",
        provider,
        key,
        durationMs,
        code: error.code,
        reason: error.reason,
      });
    }
    return attempted;
  }

  #conclude(cell: Cell, epoch: number, attempted: Attempted<SecretReading | undefined>): Outcome {
    const outcome = this.#settle(cell, epoch, attempted);
    // Nobody is told after the close: an observer would begin new watches and polls.
    if (!this.#runtime.lifetime.closed) for (const observer of [...cell.observers]) observer();
    return outcome;
  }

  #settle(cell: Cell, epoch: number, attempted: Attempted<SecretReading | undefined>): Outcome {
    const { cache, clock, redactor, emit, lifetime } = this.#runtime;
    if (attempted.ok) {
      const reading = attempted.answer;
      if (lifetime.closed)
        return {
          status: "failed",
          kind: "unknown",
          error: closedError(cell.key),
        };
      if (cell.accept(reading, attempted.startedAt, epoch, cache, redactor)) {
        emit?.({
          type: "rotated",
          provider: this.provider.name,
          key: cell.key,
          version: reading?.version,
        });
      }
      if (reading === undefined) return { status: "absent" };
      return {
        status: "found",
        reading,
        readAt: attempted.startedAt,
        stale: false,
      };
    }
    const { kind, error } = attempted.failure;
    cell.failed = kind;
    if (kind === "denied") cell.evict();
    if ((kind === "unavailable" || kind === "throttled") && cell.reading && cell.mayServeStale(clock.now())) {
      cell.restUntil(clock.now() + Math.max(cache.staleRetryMs, error.retryAfterMs ?? 0));
      return {
        status: "found",
        reading: cell.reading,
        readAt: cell.readAt,
        stale: true,
      };
    }
    return { status: "failed", kind, error };
  }
}
