import type { Redis } from "ioredis";
import type { Kysely } from "kysely";
import type { OpenDatabase } from "./database/books-database.ts";
import type { News } from "./database/news.ts";
import type { DatabaseUrl } from "./database/rotating-pool.ts";
import type { SpendLog, Tables } from "./database/schema.ts";
import type { KnownKeys } from "./keys/known-keys.ts";
import type { LimitStore, Limits } from "./limits/limits.ts";
import type { Parallel } from "./limits/parallel.ts";
import type { Price, PricedModel } from "./prices/prices.ts";
import type { Totals } from "./spend/spend-queue.ts";

/** Everything that exists only once the database has been opened. */
export interface OpenBooks {
  readonly tables: Kysely<Tables>;
  readonly limits: Limits;
  readonly parallel: Parallel;
  /** Whether word of changes by other proxies arrives at the moment. */
  readonly told: () => boolean;
  readonly price: (model: string, deployment?: string) => Price | undefined;
  reprice(models: readonly PricedModel[]): void;
  write(rows: readonly SpendLog[]): Promise<Totals>;
  /** These keys are no longer what they were: no proxy goes on with what it knows of them. */
  announce(tokens: readonly string[]): Promise<void>;
  announceSpend(totals: Totals): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly database: OpenDatabase;
  /** Absent for SQLite. */
  readonly url: DatabaseUrl | undefined;
  readonly redisUrl: string | undefined;
  readonly models: readonly PricedModel[];
  readonly known: KnownKeys;
  readonly onRedisTrouble: () => void;
}

/** Puts the parts together. They are loaded here, not at the start: a proxy without virtual keys needs none of them. */
export async function openBooks(options: OpenOptions): Promise<OpenBooks> {
  const { database, url, redisUrl, models, known } = options;
  const { tables, pool } = database;
  const [{ Limits }, { Parallel }, leases, { PriceList }] = await Promise.all([
    import("./limits/limits.ts"),
    import("./limits/parallel.ts"),
    import("./limits/leases.ts"),
    import("./prices/price-list.ts"),
  ]);
  const redis =
    redisUrl === undefined
      ? undefined
      : await (await import("./limits/redis.ts")).connectRedis(redisUrl, options.onRedisTrouble);
  const shared = pool === undefined ? undefined : leases.postgresLeases(tables);
  const parallel = new Parallel(redis === undefined ? shared : leases.redisLeases(redis));
  const { News, tell } = await import("./database/news.ts");
  const news = url === undefined ? undefined : listen(News, url, known);
  let prices = new PriceList(models);
  const write =
    pool === undefined
      ? (await import("./spend/write-sqlite.ts")).writeToSqlite
      : (await import("./spend/write-postgres.ts")).writeToPostgres;
  return {
    tables,
    limits: new Limits(limitStore(redis, pool)),
    parallel,
    told: () => news?.listening ?? false,
    price: (model, deployment) => prices.find(model, deployment),
    reprice(priced) {
      prices = new PriceList(priced);
    },
    write: (rows) => write(tables, rows),
    async announce(tokens) {
      known.forget(tokens);
      if (news !== undefined) await tell(tables, "changed", tokens);
    },
    async announceSpend(totals) {
      if (news === undefined || totals.length === 0) return;
      await tell(
        tables,
        "spent",
        totals.map(({ token, spend }) => [token, spend]),
      );
    },
    async close() {
      parallel.close();
      redis?.disconnect();
      await news?.close();
    },
  };
}

function limitStore(redis: Redis | undefined, pool: OpenDatabase["pool"]): LimitStore {
  if (redis !== undefined) return { kind: "redis", redis };
  return pool === undefined ? { kind: "memory" } : { kind: "postgres", pool };
}

function listen(Listener: typeof News, url: DatabaseUrl, known: KnownKeys): News {
  return new Listener(url, {
    changed: (tokens) => known.forget(tokens),
    missed: () => known.doubt(),
    spent(totals) {
      for (const [token, spend] of totals) known.noteSpend(token, spend);
    },
  });
}
