import type { SpendLog } from "../database/schema.ts";
import type { NanoDollars } from "../prices/money.ts";

/** What the database has counted for keys once a batch is in it. */
export type Totals = readonly { readonly id: string; readonly token: string; readonly spend: NanoDollars }[];

export interface SpendQueueOptions {
  /** Writes rows, each once, however often it is called with them. Throws when it is not known to have written. */
  readonly write: (rows: readonly SpendLog[]) => Promise<Totals>;
  readonly onTotals?: (totals: Totals) => void;
  /** The first of the failures in a row, and the end of them. */
  readonly onTrouble?: (error: unknown) => void;
  readonly onRecovery?: () => void;
  readonly mostRows?: number;
}

/** How long a row waits for others before it is written, in milliseconds: what an ended process loses, and one write. */
export const writeAfter = 100;
/** Beyond this many rows, requests are no longer written one by one but summed by key and model. Nothing is lost. */
export const mostWaiting = 100_000;
const batchSize = 1000;
const firstPause = 100;
const longestPause = 2000;

/** What has been spent and is not in the database yet. */
export class SpendQueue {
  readonly #options: SpendQueueOptions;
  readonly #mostRows: number;
  #waiting: SpendLog[] = [];
  readonly #sums = new Map<string, SpendLog>();
  readonly #unwritten = new Map<string, NanoDollars>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Ends a pause between two attempts. */
  #hurry: (() => void) | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(options: SpendQueueOptions) {
    this.#options = options;
    this.#mostRows = options.mostRows ?? mostWaiting;
  }

  /** What a key has spent that the database has not counted. */
  unwritten(keyId: string): NanoDollars {
    return this.#unwritten.get(keyId) ?? 0;
  }

  add(row: SpendLog): void {
    this.#unwritten.set(row.key_id, this.unwritten(row.key_id) + row.spend);
    if (this.#waiting.length < this.#mostRows) this.#waiting.push(row);
    else this.#sum(row);
    if (this.#writing === undefined) this.#timer ??= setTimeout(() => this.#start(), writeAfter);
  }

  /** Writes what is waiting, for up to `milliseconds`. Resolves with the number of requests that could not be written. */
  async close(milliseconds: number): Promise<number> {
    this.#deadline = Date.now() + milliseconds;
    const late = setTimeout(() => this.#hurry?.(), milliseconds);
    this.#start();
    this.#hurry?.();
    await this.#writing;
    clearTimeout(late);
    return this.#waiting.reduce((sum, { requests }) => sum + requests, 0);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    for (let pause = firstPause, troubled = false; this.#waiting.length > 0; ) {
      const batch = this.#waiting.slice(0, batchSize);
      // What may have been written must not grow any more.
      for (const row of batch) if (this.#sums.get(placeOf(row)) === row) this.#sums.delete(placeOf(row));
      try {
        const totals = await this.#options.write(batch);
        this.#waiting = this.#waiting.slice(batch.length);
        this.#settle(batch);
        this.#options.onTotals?.(totals);
        if (troubled) this.#options.onRecovery?.();
        [pause, troubled] = [firstPause, false];
      } catch (error) {
        if (!troubled) this.#options.onTrouble?.(error);
        troubled = true;
        if (Date.now() >= this.#deadline) return;
        await this.#pause(pause);
        pause = Math.min(pause * 2, longestPause);
      }
    }
  }

  #settle(batch: readonly SpendLog[]): void {
    for (const { key_id, spend } of batch) {
      const rest = this.unwritten(key_id) - spend;
      if (rest === 0) this.#unwritten.delete(key_id);
      else this.#unwritten.set(key_id, rest);
    }
  }

  #sum(row: SpendLog): void {
    const sum = this.#sums.get(placeOf(row));
    if (sum === undefined) {
      const first = { ...row };
      this.#sums.set(placeOf(row), first);
      this.#waiting.push(first);
      return;
    }
    sum.spend += row.spend;
    sum.prompt_tokens += row.prompt_tokens;
    sum.completion_tokens += row.completion_tokens;
    sum.total_tokens += row.total_tokens;
    sum.requests += row.requests;
    sum.ended_at = row.ended_at;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wait = Math.max(0, Math.min(milliseconds, this.#deadline - Date.now()));
      const timer = setTimeout(resolve, wait);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function placeOf(row: SpendLog): string {
  return `${row.key_id} ${row.model}`;
}
