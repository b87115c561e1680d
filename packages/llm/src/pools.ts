import { Pool } from "undici";

/** One pool of connections for each origin, shared by all deployments that live there. */
export class Pools {
  readonly #pools = new Map<string, Pool>();

  for(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      // A capped pool queues in silence; how many requests run is the server's to limit, aloud.
      connections: null,
      pipelining: 1,
      // One stream that is paused must not hold up the others on a shared connection.
      allowH2: false,
      keepAliveTimeout: 30_000,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  /** Lets the requests under way end. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.close()));
  }

  /** Ends the requests under way. */
  async destroy(): Promise<void> {
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.destroy()));
  }
}
