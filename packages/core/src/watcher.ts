import type { Cell } from "./cell.ts";
import { guard } from "./events.ts";
import type { Listing } from "./listing.ts";
import type { Stop } from "./route.ts";
import type { Runtime } from "./runtime.ts";
import type { Source } from "./source.ts";

/**
 * Keeps the cells that somebody subscribed to up to date: by the store's own word where it gives one, else by
 * polling, spread at random over the interval and a few at a time. A store that lists is asked once for all.
 */
export class Watcher {
  readonly #runtime: Runtime;
  readonly #watches = new Map<Cell | Source, { count: number; stop: () => void }>();
  readonly #watching = new Map<Source, boolean>();
  readonly #queue: (() => Promise<unknown>)[] = [];
  readonly #signal: AbortSignal;
  #running = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const controller = new AbortController();
    runtime.lifetime.untilClose(() => controller.abort());
    this.#signal = controller.signal;
  }

  /** @returns the end of this watch; polling ends with the last. */
  watch({ source, cell }: Stop): () => void {
    if (!cell.isFresh(this.#runtime.clock.now())) this.#loadSoon(source, cell);
    this.#tells(source);
    const subject = listingFor(source, cell) === undefined ? cell : source;
    const watch = this.#watches.get(subject) ?? {
      count: 0,
      stop: this.#poll(() => look(source, cell, this.#tells(source))),
    };
    this.#watches.set(subject, watch);
    watch.count += 1;
    return () => {
      watch.count -= 1;
      if (watch.count > 0) return;
      watch.stop();
      this.#watches.delete(subject);
    };
  }

  #loadSoon(source: Source, cell: Cell): void {
    if (cell.due) return; // it has its place in the queue
    cell.due = true;
    this.#enqueue(async () => {
      if (cell.observers.size === 0) cell.due = false;
      if (cell.due) await source.load(cell); // unless another route, or a caller, has loaded it meanwhile
    });
  }

  /** Whether the store itself reports changes. Begun with the first subscription and kept until the close. */
  #tells(source: Source): boolean {
    const known = this.#watching.get(source);
    if (known !== undefined) return known;
    const { provider } = source;
    if (provider.watch === undefined) return false;
    const onChange = (storeKey?: string) => {
      if (this.#signal.aborted) return;
      source.expire(storeKey);
      for (const cell of source.observed(storeKey)) this.#loadSoon(source, cell);
    };
    this.#watching.set(source, true);
    // A store that cannot tell after all is polled.
    guard(
      () => provider.watch?.(onChange, { signal: this.#signal }),
      () => this.#watching.set(source, false),
    );
    return this.#tells(source);
  }

  #poll(look: () => Promise<unknown>): () => void {
    const { clock, random, poll } = this.#runtime;
    let stopped = false;
    let cancel: () => void;
    const next = (delay: number) => {
      cancel = clock.after(
        delay,
        () =>
          this.#enqueue(async () => {
            if (stopped) return;
            await look();
            if (!stopped) next(poll.intervalMs * (1 + poll.jitter * (2 * random() - 1)));
          }),
        true,
      );
    };
    next(poll.intervalMs * random());
    const forget = this.#runtime.lifetime.untilClose(() => stop());
    const stop = () => {
      stopped = true;
      cancel();
      forget();
    };
    return stop;
  }

  #enqueue(job: () => Promise<unknown>): void {
    this.#queue.push(job);
    this.#work();
  }

  #work(): void {
    while (this.#running < this.#runtime.poll.concurrency) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      this.#running += 1;
      void job().finally(() => {
        this.#running -= 1;
        this.#work();
      });
    }
  }
}

/** Asks the store again, once for all if it lists. A store that tells is asked only where it failed. Never rejects. */
async function look(source: Source, cell: Cell, tells: boolean): Promise<void> {
  if (cell.version !== undefined && cell.status === "found") return; // a version never changes
  const listing = listingFor(source, cell);
  const failed = listing === undefined ? cell.failed !== undefined : source.lastAttemptFailed;
  if (tells && !failed) return;
  if (listing === undefined) await source.load(cell);
  else await source.relist(listing);
}

/** A listing holds current versions only. */
function listingFor({ listing }: Source, cell: Cell): Listing | undefined {
  return cell.version === undefined ? listing : undefined;
}
