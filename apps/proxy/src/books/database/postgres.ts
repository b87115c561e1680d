import { Kysely, PostgresDialect } from "kysely";
import { type DatabaseUrl, RotatingPool } from "./rotating-pool.ts";
import type { Tables } from "./schema.ts";

/** Connects to nothing yet: the first query does. */
export function openPostgres(url: DatabaseUrl): { tables: Kysely<Tables>; pool: RotatingPool } {
  const pool = new RotatingPool(url);
  return { tables: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool };
}
