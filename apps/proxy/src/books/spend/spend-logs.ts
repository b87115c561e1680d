import type { Kysely, Selectable } from "kysely";
import type { SpendLogTable, Tables } from "../database/schema.ts";

export interface LogFilter {
  readonly requestId?: string | undefined;
  readonly token?: string | undefined;
  /** Milliseconds since 1970; the end is not in it. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** The latest first. */
export async function readSpendLogs(
  tables: Kysely<Tables>,
  filter: LogFilter,
  limit: number,
): Promise<readonly Selectable<SpendLogTable>[]> {
  const logs = filtered(tables, filter).selectAll();
  return logs.orderBy("started_at", "desc").orderBy("request_id").limit(limit).execute();
}

export interface DaySpend {
  /** Milliseconds since 1970, in UTC, of its beginning. */
  readonly day: number;
  readonly token: string;
  readonly model: string;
  readonly spend: number;
}

export async function spendByDay(tables: Kysely<Tables>, filter: LogFilter): Promise<readonly DaySpend[]> {
  return filtered(tables, filter)
    .select(({ eb, fn }) => [
      eb("started_at", "-", eb(eb.ref("started_at"), "%", eb.lit(day))).as("day"),
      "token",
      "model",
      fn.sum<number>("spend").as("spend"),
    ])
    .groupBy(["day", "token", "model"])
    .orderBy("day")
    .execute();
}

/** Milliseconds. */
export const day = 86_400_000;

function filtered(tables: Kysely<Tables>, { requestId, token, from, until }: LogFilter) {
  let logs = tables.selectFrom("keyward_spend_logs");
  if (requestId !== undefined) logs = logs.where("request_id", "=", requestId);
  if (token !== undefined) logs = logs.where("token", "=", token);
  if (from !== undefined) logs = logs.where("started_at", ">=", from);
  if (until !== undefined) logs = logs.where("started_at", "<", until);
  return logs;
}
