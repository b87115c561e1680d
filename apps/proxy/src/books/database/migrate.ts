import { setTimeout } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { migrations as ours } from "./migrations.ts";
import { NewerSchemaError } from "./newer-schema.ts";
import type { Tables } from "./schema.ts";

const migrationTable = "keyward_migrations";
const migrationLockTable = "keyward_migrations_lock";
/** Of PostgreSQL's advisory locks: "keyward" in ASCII. Whoever holds it changes the schema. */
const lock = sql`${sql.lit(0x6b657977)}, ${sql.lit(0x617264)}`;

/**
 * Brings the schema up to date, once, however many proxies start at the same time.
 * @throws NewerSchemaError when the database knows more than this program
 */
export async function migrate(
  database: Kysely<Tables>,
  dialect: "postgres" | "sqlite",
  migrations: Readonly<Record<string, Migration>> = ours,
): Promise<void> {
  await database.connection().execute(async (connection) => {
    await (dialect === "sqlite" ? beginAlone(connection) : sql`begin`.execute(connection));
    try {
      if (dialect === "postgres") await sql`select pg_advisory_xact_lock(${lock})`.execute(connection);
      await run(connection, migrations);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

/** How long to wait for other proxies that migrate, in milliseconds. */
const patience = 30_000;
const sqliteBusy = 5;

/** In SQLite a writing transaction is the lock. It is tried for again and again, because waiting stops everything. */
async function beginAlone(connection: Kysely<Tables>): Promise<void> {
  for (const deadline = Date.now() + patience; ; ) {
    try {
      await sql`begin immediate`.execute(connection);
      return;
    } catch (error) {
      const busy = error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
      if (!busy || Date.now() > deadline) throw error;
      await setTimeout(20);
    }
  }
}

async function run(connection: Kysely<Tables>, migrations: Readonly<Record<string, Migration>>) {
  const migrator = new Migrator({
    db: connection,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: migrationTable,
    migrationLockTableName: migrationLockTable,
    // There is one already, above.
    disableTransactions: true,
  });
  const unknown = (await applied(connection)).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new NewerSchemaError(
      `The database was written by a newer Keyward (it knows "${unknown.at(-1)}", this one does not): ` +
        "update this proxy, or give it a database of its own in general_settings.database_url",
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function applied(connection: Kysely<Tables>): Promise<string[]> {
  const tables = await connection.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === migrationTable)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(
    connection,
  );
  return rows.map(({ name }) => name);
}
