import type { PostgresPool, PostgresPoolClient } from "kysely";
import { type ClientConfig, Pool, type QueryConfig, type QueryResult, types } from "pg";

/** Read for every new use: a URL whose password has been rotated serves the next connection. */
export type DatabaseUrl = () => Promise<string>;

/** Time to a connection, in milliseconds. Short, because somebody waits for an answer. */
const connectTimeout = 3000;
/** Time to an answer of the database, in milliseconds. */
const queryTimeout = 10_000;

/**
 * A pool of connections to wherever the URL leads at the moment. When the URL changes, a new pool takes over, and the
 * old one ends with its last query.
 */
export class RotatingPool implements PostgresPool {
  /** Kysely asks for it; what counts is in the URL. */
  readonly options = {};
  readonly #url: DatabaseUrl;
  #current: { readonly url: string; readonly pool: Pool } | undefined;
  #ending: Promise<void>[] = [];
  #ended = false;

  constructor(url: DatabaseUrl) {
    this.#url = url;
  }

  async connect(): Promise<PostgresPoolClient> {
    return (await this.#pool()).connect();
  }

  /** For rate-limiter-flexible, which knows pg's pool. */
  async query(query: QueryConfig): Promise<QueryResult> {
    return (await this.#pool()).query(query);
  }

  async end(): Promise<void> {
    this.#ended = true;
    if (this.#current !== undefined) this.#ending.push(this.#current.pool.end());
    this.#current = undefined;
    await Promise.all(this.#ending);
  }

  async #pool(): Promise<Pool> {
    const url = await this.#url();
    if (this.#ended) throw new Error("the database has been closed");
    if (this.#current?.url === url) return this.#current.pool;
    const before = this.#current?.pool;
    this.#current = { url, pool: createPool(url) };
    if (before !== undefined) this.#ending.push(before.end());
    return this.#current.pool;
  }
}

function createPool(url: string): Pool {
  const pool = new Pool({ ...connectionOptions(url), max: 10, idleTimeoutMillis: 30_000 });
  // A connection that breaks is dropped by the pool and fails the query on it, which is how everybody hears of it.
  // Without listeners it would end the process: the pool listens to idle ones, nobody to those that are held.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Of every connection, also the one that listens. */
export function connectionOptions(url: string): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: queryTimeout,
    keepAlive: true,
    application_name: "keyward",
    types: { getTypeParser: parserOf },
  };
}

const int8 = 20;
const numeric = 1700;

/** Whole numbers as numbers: amounts here stay below 2^53, nine million dollars in nano-dollars. */
const parserOf: typeof types.getTypeParser = (type: number, format?: "text" | "binary") => {
  if (type === int8 || type === numeric) return Number;
  return format === "binary" ? types.getTypeParser(type, format) : types.getTypeParser(type);
};
