import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Databases, databaseKinds, databases } from "../../../test/database-places.ts";
import { BooksDatabase, type OpenDatabase } from "../database/books-database.ts";
import type { SpendLog } from "../database/schema.ts";
import { SpendQueue, type Totals } from "./spend-queue.ts";
import { writeToPostgres } from "./write-postgres.ts";
import { writeToSqlite } from "./write-sqlite.ts";

let all: Databases;
beforeAll(async () => {
  all = await databases();
});
afterAll(() => all[Symbol.asyncDispose]());

function row(key: string, spend: number, model = "m"): SpendLog {
  return {
    request_id: randomUUID(),
    key_id: key,
    token: `t-${key}`,
    call_type: "/chat/completions",
    model,
    status: "success",
    spend,
    prompt_tokens: 2,
    completion_tokens: 3,
    total_tokens: 5,
    requests: 1,
    started_at: 1,
    ended_at: 2,
  };
}

describe.each(databaseKinds)("in %s", (kind) => {
  const write = kind === "postgres" ? writeToPostgres : writeToSqlite;
  let database: BooksDatabase;
  let tables: OpenDatabase["tables"];
  beforeAll(async () => {
    database = new BooksDatabase(await all.place(kind));
    ({ tables } = await database.open());
    for (const id of ["a", "b"]) {
      const nothing = { key_alias: null, max_budget: null, budget_duration: null, budget_reset_at: null };
      const unlimited = { expires: null, rpm_limit: null, tpm_limit: null, max_parallel_requests: null };
      const nobody = { user_id: null, team_id: null, models: "[]", metadata: "{}", key_name: "sk-...x" };
      const zero = { blocked: 0, spend: 0, created_at: 1, updated_at: 1 };
      await tables
        .insertInto("keyward_keys")
        .values({ id, token: `t-${id}`, ...nothing, ...unlimited, ...nobody, ...zero })
        .execute();
    }
  });
  afterAll(() => database.close());

  test("a batch that is written twice, and one that repeats a row, count once", async () => {
    const rows = [row("a", 5), row("a", 7, "n"), row("b", 11), row("gone", 13)];
    const first = await write(tables, rows);
    expect(first.toSorted((one, two) => one.id.localeCompare(two.id))).toEqual([
      { id: "a", token: "t-a", spend: 12 },
      { id: "b", token: "t-b", spend: 11 },
    ]);
    expect(await write(tables, rows)).toEqual([]);
    expect(await write(tables, [...rows, row("a", 1)])).toEqual([{ id: "a", token: "t-a", spend: 13 }]);
    const models = await tables
      .selectFrom("keyward_model_spend")
      .selectAll()
      .orderBy("key_id")
      .orderBy("model")
      .execute();
    expect(models).toEqual([
      { key_id: "a", model: "m", spend: 6, prompt_tokens: 4, completion_tokens: 6, requests: 2 },
      { key_id: "a", model: "n", spend: 7, prompt_tokens: 2, completion_tokens: 3, requests: 1 },
      { key_id: "b", model: "m", spend: 11, prompt_tokens: 2, completion_tokens: 3, requests: 1 },
      { key_id: "gone", model: "m", spend: 13, prompt_tokens: 2, completion_tokens: 3, requests: 1 },
    ]);
    expect(await tables.selectFrom("keyward_spend_logs").selectAll().execute()).toHaveLength(5);
  });

  test("answers that get lost on the way back make nothing count twice", async () => {
    let calls = 0;
    const queue = new SpendQueue({
      async write(rows) {
        const totals = await write(tables, rows);
        if (calls++ % 2 === 0) throw new Error("the connection broke after the commit");
        return totals;
      },
    });
    const before = await tables
      .selectFrom("keyward_keys")
      .select("spend")
      .where("id", "=", "b")
      .executeTakeFirst();
    for (let index = 0; index < 2500; index++) queue.add(row("b", 3));
    expect(queue.unwritten("b")).toBe(7500);
    expect(await queue.close(10_000)).toBe(0);
    expect(queue.unwritten("b")).toBe(0);
    const after = await tables
      .selectFrom("keyward_keys")
      .select("spend")
      .where("id", "=", "b")
      .executeTakeFirst();
    expect((after?.spend ?? 0) - (before?.spend ?? 0)).toBe(7500);
  });
});

test("what is beyond the queue's limit is summed, and no request of it is lost", async () => {
  const written: SpendLog[] = [];
  const open = Promise.withResolvers<void>();
  const queue = new SpendQueue({
    mostRows: 10,
    async write(rows): Promise<Totals> {
      await open.promise;
      written.push(...rows.map((one) => ({ ...one })));
      return [];
    },
  });
  for (let index = 0; index < 100; index++) queue.add(row(index % 2 === 0 ? "a" : "b", 1));
  open.resolve();
  expect(await queue.close(1000)).toBe(0);
  expect(written).toHaveLength(12);
  expect(written.reduce((sum, { spend }) => sum + spend, 0)).toBe(100);
  expect(written.reduce((sum, { requests }) => sum + requests, 0)).toBe(100);
});

test("trouble is told once, its end as well, and what is left at the deadline is counted", async () => {
  let away = true;
  const [onTrouble, onRecovery] = [vi.fn(), vi.fn()];
  const queue = new SpendQueue({
    onTrouble,
    onRecovery,
    async write() {
      if (away) throw new Error("away");
      return [];
    },
  });
  queue.add(row("a", 1));
  await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledOnce());
  away = false;
  await vi.waitFor(() => expect(onRecovery).toHaveBeenCalledOnce());
  away = true;
  queue.add(row("a", 1));
  queue.add(row("a", 1));
  expect(await queue.close(50)).toBe(2);
});
