import { randomUUID } from "node:crypto";
import type { LeaseStore } from "./leases.ts";
import { leaseTime } from "./leases.ts";

/** Gives a place back. */
export type GiveBack = () => void;

/** Requests under way for keys with `max_parallel_requests`. While the store is away, each proxy counts for itself. */
export class Parallel {
  readonly #store: LeaseStore | undefined;
  /** This proxy's own leases by key. */
  readonly #taken = new Map<string, Set<string>>();
  readonly #beat: NodeJS.Timeout | undefined;

  constructor(store: LeaseStore | undefined) {
    this.#store = store;
    if (store === undefined) return;
    this.#beat = setInterval(() => this.#renew(store), leaseTime / 3);
    this.#beat.unref();
  }

  /** `undefined` when `limit` requests of this key are under way. */
  async take(keyId: string, limit: number): Promise<GiveBack | undefined> {
    const lease = randomUUID();
    const mine = this.#taken.get(keyId) ?? new Set();
    if (mine.size >= limit) return undefined;
    this.#taken.set(keyId, mine);
    // Taken here first, so that requests at the same moment are counted as well while the store is away.
    mine.add(lease);
    if (!(await this.#takeShared(keyId, lease, limit))) {
      this.#drop(keyId, lease);
      return undefined;
    }
    return () => {
      this.#drop(keyId, lease);
      // A place that cannot be given back is free again when its lease ends.
      this.#store?.giveBack(keyId, lease).catch(() => {});
    };
  }

  close(): void {
    clearInterval(this.#beat);
  }

  async #takeShared(keyId: string, lease: string, limit: number): Promise<boolean> {
    try {
      return (await this.#store?.take(keyId, lease, limit)) ?? true;
    } catch {
      // The store is away; what this proxy has under way is below the limit.
      return true;
    }
  }

  #drop(keyId: string, lease: string): void {
    const mine = this.#taken.get(keyId);
    mine?.delete(lease);
    if (mine?.size === 0) this.#taken.delete(keyId);
  }

  #renew(store: LeaseStore): void {
    // One that cannot be renewed now can be next time: there are three times to each lease.
    for (const [keyId, leases] of this.#taken) store.renew(keyId, [...leases]).catch(() => {});
  }
}
