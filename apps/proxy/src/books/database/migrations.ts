import { type ColumnDataType, type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Every change of the schema since the first, in order; one that has been released is never changed again. Written
 * once for both databases, in what both understand.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-keys-and-spend": { up: keysAndSpend },
};

async function keysAndSpend(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("keyward_keys")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("token", "text", (column) => column.notNull().unique())
    .addColumn("key_name", "text", (column) => column.notNull())
    .addColumn("key_alias", "text", (column) => column.unique())
    .addColumn("models", "text", (column) => column.notNull())
    .addColumn("max_budget", "bigint")
    .addColumn("budget_duration", "text")
    .addColumn("budget_reset_at", "bigint")
    .addColumn("expires", "bigint")
    .addColumn("rpm_limit", "bigint")
    .addColumn("tpm_limit", "bigint")
    .addColumn("max_parallel_requests", "bigint")
    .addColumn("metadata", "text", (column) => column.notNull())
    .addColumn("user_id", "text")
    .addColumn("team_id", "text")
    .addColumn("blocked", "integer", (column) => column.notNull())
    .addColumn("spend", "bigint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .execute();
  const texts = ["key_id", "token", "call_type", "model", "status"];
  const numbers = ["spend", "prompt_tokens", "completion_tokens", "total_tokens"];
  const rest = ["requests", "started_at", "ended_at"];
  let logs = schema
    .createTable("keyward_spend_logs")
    .addColumn("request_id", "text", (column) => column.primaryKey());
  const columns: [string, ColumnDataType][] = [
    ...texts.map((name): [string, ColumnDataType] => [name, "text"]),
    ...[...numbers, ...rest].map((name): [string, ColumnDataType] => [name, "bigint"]),
  ];
  for (const [name, type] of columns) logs = logs.addColumn(name, type, (column) => column.notNull());
  await logs.execute();
  await schema
    .createIndex("keyward_spend_logs_started_at")
    .on("keyward_spend_logs")
    .column("started_at")
    .execute();
  await schema
    .createIndex("keyward_spend_logs_key_id")
    .on("keyward_spend_logs")
    .columns(["key_id", "started_at"])
    .execute();
  await schema
    .createTable("keyward_model_spend")
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("model", "text", (column) => column.notNull())
    .addColumn("spend", "bigint", (column) => column.notNull())
    .addColumn("prompt_tokens", "bigint", (column) => column.notNull())
    .addColumn("completion_tokens", "bigint", (column) => column.notNull())
    .addColumn("requests", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("keyward_model_spend_key", ["key_id", "model"])
    .execute();
  await schema
    .createTable("keyward_limits")
    .addColumn("key", sql`varchar(255)`, (column) => column.primaryKey())
    .addColumn("points", "bigint", (column) => column.notNull().defaultTo(0))
    .addColumn("expire", "bigint")
    .execute();
  await schema
    .createTable("keyward_leases")
    .addColumn("key_id", "text", (column) => column.primaryKey())
    .addColumn("leases", "text", (column) => column.notNull())
    .execute();
}
