import type { Kysely, Updateable } from "kysely";
import type { KeyRow, KeyTable, Tables } from "../database/schema.ts";

/** Which keys a list is of. */
export interface KeyFilter {
  readonly alias?: string | undefined;
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly token?: string | undefined;
}

export interface KeyPage {
  readonly rows: readonly KeyRow[];
  readonly total: number;
}

export async function readKeyRow(tables: Kysely<Tables>, token: string): Promise<KeyRow | undefined> {
  return tables.selectFrom("keyward_keys").selectAll().where("token", "=", token).executeTakeFirst();
}

export async function insertKey(tables: Kysely<Tables>, row: KeyRow): Promise<void> {
  await tables.insertInto("keyward_keys").values(row).execute();
}

/** `undefined` when there is no such key. */
export async function updateKey(
  tables: Kysely<Tables>,
  token: string,
  changes: Updateable<KeyTable>,
): Promise<KeyRow | undefined> {
  return tables
    .updateTable("keyward_keys")
    .set(changes)
    .where("token", "=", token)
    .returningAll()
    .executeTakeFirst();
}

/** Begins a new budget period, unless another proxy has. */
export async function beginPeriod(
  tables: Kysely<Tables>,
  id: string,
  period: { readonly before: number; readonly next: number },
): Promise<void> {
  await tables
    .updateTable("keyward_keys")
    .set({ spend: 0, budget_reset_at: period.next })
    .where("id", "=", id)
    .where("budget_reset_at", "=", period.before)
    .execute();
}

/** Deletes all of these keys, or none when one of them is not there. Their spend stays in the logs. */
export async function deleteKeys(
  tables: Kysely<Tables>,
  by: "token" | "key_alias",
  names: readonly string[],
): Promise<readonly KeyRow[] | undefined> {
  return tables.transaction().execute(async (transaction) => {
    const rows = await transaction.selectFrom("keyward_keys").selectAll().where(by, "in", names).execute();
    if (rows.length < new Set(names).size) return undefined;
    await transaction.deleteFrom("keyward_keys").where(by, "in", names).execute();
    return rows;
  });
}

export async function listKeys(
  tables: Kysely<Tables>,
  filter: KeyFilter,
  page: { readonly offset: number; readonly limit: number },
): Promise<KeyPage> {
  let keys = tables.selectFrom("keyward_keys");
  if (filter.alias !== undefined) keys = keys.where("key_alias", "=", filter.alias);
  if (filter.userId !== undefined) keys = keys.where("user_id", "=", filter.userId);
  if (filter.teamId !== undefined) keys = keys.where("team_id", "=", filter.teamId);
  if (filter.token !== undefined) keys = keys.where("token", "=", filter.token);
  const [rows, count] = await Promise.all([
    keys
      .selectAll()
      .orderBy("created_at", "desc")
      .orderBy("id")
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    keys.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  return { rows, total: Number(count.total) };
}

export async function keysBySpend(tables: Kysely<Tables>, limit: number): Promise<readonly KeyRow[]> {
  const keys = tables.selectFrom("keyward_keys").selectAll();
  return keys.orderBy("spend", "desc").orderBy("id").limit(limit).execute();
}
