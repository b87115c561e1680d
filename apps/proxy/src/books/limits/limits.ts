import type { Redis } from "ioredis";
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  type RateLimiterRes,
  type RateLimiterStoreAbstract,
} from "rate-limiter-flexible";
import type { RotatingPool } from "../database/rotating-pool.ts";

/** Where the proxies of one database, or one Redis, count together; without either each counts for itself. */
export type LimitStore =
  | { readonly kind: "memory" }
  | { readonly kind: "postgres"; readonly pool: RotatingPool }
  | { readonly kind: "redis"; readonly redis: Redis };

/** Whether there is room, and if not, how many milliseconds until there is. */
export type Room = { readonly free: true } | { readonly free: false; readonly wait: number };

const free: Room = { free: true };
/** Seconds. A window begins with the first request in it. */
const window = 60;
const mostLimiters = 1000;

type Limiter = RateLimiterMemory | RateLimiterStoreAbstract;

/** Requests and tokens a minute. While the store is away, each proxy counts for itself. */
export class Limits {
  readonly #store: LimitStore;
  readonly #limiters = new Map<string, Limiter>();

  constructor(store: LimitStore) {
    this.#store = store;
  }

  /** Counts one request, if there is room for it. */
  async request(keyId: string, limit: number): Promise<Room> {
    try {
      await this.#limiter("rpm", limit).consume(keyId);
      return free;
    } catch (refusal) {
      return full(refusal);
    }
  }

  /** Whether the tokens of this minute are below the limit. What a request will need is known only when it is over. */
  async tokens(keyId: string, limit: number): Promise<Room> {
    const counted = await this.#limiter("tpm", limit).get(keyId);
    return counted === null || counted.consumedPoints < limit ? free : full(counted);
  }

  async addTokens(keyId: string, limit: number, tokens: number): Promise<void> {
    await this.#limiter("tpm", limit).penalty(keyId, tokens);
  }

  #limiter(what: "rpm" | "tpm", limit: number): Limiter {
    const name = `${what} ${limit}`;
    const before = this.#limiters.get(name);
    if (before !== undefined) return before;
    if (this.#limiters.size >= mostLimiters) this.#limiters.clear();
    const limiter = create(this.#store, `keyward_${what}`, limit);
    this.#limiters.set(name, limiter);
    return limiter;
  }
}

function create(store: LimitStore, keyPrefix: string, points: number): Limiter {
  const alone = new RateLimiterMemory({ keyPrefix, points, duration: window });
  // What is over its limit already is refused without asking again.
  const options = {
    keyPrefix,
    points,
    duration: window,
    insuranceLimiter: alone,
    inMemoryBlockOnConsumed: points + 1,
  };
  if (store.kind === "redis")
    return new RateLimiterRedis({ ...options, storeClient: store.redis, rejectIfRedisNotReady: true });
  if (store.kind === "memory") return alone;
  return new RateLimiterPostgres({
    ...options,
    storeClient: store.pool,
    storeType: "pool",
    tableName: "keyward_limits",
    tableCreated: true,
    clearExpiredByTimeout: true,
  });
}

function full(refusal: unknown): Room {
  if (isCounted(refusal)) return { free: false, wait: refusal.msBeforeNext };
  throw refusal;
}

function isCounted(value: unknown): value is RateLimiterRes {
  return typeof value === "object" && value !== null && "msBeforeNext" in value;
}
