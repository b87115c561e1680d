import { existsSync } from "node:fs";
import type { Kysely } from "kysely";
import type { DatabaseUrl, RotatingPool } from "./rotating-pool.ts";
import type { Tables } from "./schema.ts";

/** Where the books are kept. */
export type DatabasePlace =
  | { readonly kind: "postgres"; readonly url: DatabaseUrl }
  | { readonly kind: "sqlite"; readonly file: string };

/** An open database whose schema is the one this program knows. */
export interface OpenDatabase {
  readonly tables: Kysely<Tables>;
  /** Absent for SQLite. */
  readonly pool: RotatingPool | undefined;
}

/** The database, opened when it is first asked for. Opening that failed is tried again by the next who asks. */
export class BooksDatabase {
  readonly place: DatabasePlace;
  #opening: Promise<OpenDatabase> | undefined;
  #closed = false;

  constructor(place: DatabasePlace) {
    this.place = place;
  }

  /** @throws whatever the database says; {@link NewerSchemaError} when it is newer than this program */
  async open(): Promise<OpenDatabase> {
    if (this.#closed) throw new Error("the database has been closed");
    this.#opening ??= open(this.place).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** As {@link open}, but `undefined` where there is no database yet, and none is made. */
  async openExisting(): Promise<OpenDatabase | undefined> {
    const missing = this.place.kind === "sqlite" && !existsSync(this.place.file);
    return missing && this.#opening === undefined ? undefined : this.open();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    // What could not be opened need not be closed.
    const opened = await opening?.catch(() => undefined);
    await opened?.tables.destroy();
  }
}

async function open(place: DatabasePlace): Promise<OpenDatabase> {
  const [opened, { migrate }] = await Promise.all([connect(place), import("./migrate.ts")]);
  try {
    await migrate(opened.tables, place.kind);
    return opened;
  } catch (error) {
    await opened.tables.destroy();
    throw error;
  }
}

/** Loads no more than it needs: a proxy without virtual keys loads no database at all. */
async function connect(place: DatabasePlace): Promise<OpenDatabase> {
  if (place.kind === "postgres") return (await import("./postgres.ts")).openPostgres(place.url);
  const { openSqlite } = await (await import("./import-sqlite.ts")).importSqlite();
  return { tables: openSqlite(place.file), pool: undefined };
}
