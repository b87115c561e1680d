import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { Kysely, type SqliteDatabase, SqliteDialect } from "kysely";
import type { Tables } from "./schema.ts";

/** Milliseconds to wait for another program's transaction. It holds up everything, so that it is short. */
const busyTimeout = 100;

/** Opens the database in a file, and makes folder and file when they are not there, for their owner alone. */
export function openSqlite(file: string): Kysely<Tables> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { timeout: busyTimeout });
  chmodSync(file, 0o600);
  // WAL: readers do not wait for a writer. NORMAL: a power cut may take the last commits, an ended process none.
  database.exec("pragma journal_mode = wal; pragma synchronous = normal");
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(database) }) });
}

/** What kysely expects of a SQLite library, on Node's own. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(inputValue)),
        run(parameters) {
          const { changes, lastInsertRowid } = statement.run(...parameters.map(inputValue));
          return { changes, lastInsertRowid };
        },
        iterate: (parameters) => statement.iterate(...parameters.map(inputValue)),
      };
    },
  };
}

function inputValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return value;
  throw new TypeError(`SQLite takes no ${typeof value}`);
}
