import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Databases, databaseKinds, databases } from "../../../test/database-places.ts";
import { postgresPassword } from "../../../test/postgres.ts";
import { BooksDatabase } from "./books-database.ts";
import { describeFailure } from "./failure.ts";
import { NewerSchemaError } from "./newer-schema.ts";

let all: Databases;
beforeAll(async () => {
  all = await databases();
});
afterAll(() => all[Symbol.asyncDispose]());

describe.each(databaseKinds)("%s", (kind) => {
  test("proxies that start at the same time migrate once", async () => {
    const where = await all.place(kind);
    const proxies = Array.from({ length: 8 }, () => new BooksDatabase(where));
    try {
      const opened = await Promise.all(proxies.map((proxy) => proxy.open()));
      for (const { tables } of opened) {
        const { rows } = await sql`select name from keyward_migrations`.execute(tables);
        expect(rows).toEqual([{ name: "0001-keys-and-spend" }]);
      }
    } finally {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    }
  });

  test("a schema newer than the program is refused, and stays as it is", async () => {
    const where = await all.place(kind);
    const newer = new BooksDatabase(where);
    const { tables } = await newer.open();
    await sql`insert into keyward_migrations (name, timestamp) values ('9999-later', '2099')`.execute(tables);
    await newer.close();
    const older = new BooksDatabase(where);
    await expect(older.open()).rejects.toThrow(NewerSchemaError);
    await expect(older.open()).rejects.toThrow(/newer Keyward .*"9999-later".*update this proxy/);
    await older.close();
  });
});

test("asking for what is there makes no SQLite file", async () => {
  const database = new BooksDatabase(await all.place("sqlite"));
  expect(await database.openExisting()).toBeUndefined();
  await database.close();
});

test("a URL that changes is used by the next connection", async () => {
  const [first, second] = [await all.server.database(), await all.server.database()];
  let url = first;
  const database = new BooksDatabase({ kind: "postgres", url: async () => url });
  const { tables } = await database.open();
  const name = async () =>
    (await sql<{ name: string }>`select current_database() as name`.execute(tables)).rows[0]?.name;
  expect(first).toContain(await name());
  url = second;
  expect(second).toContain(await name());
  await database.close();
});

test.each([
  ["a wrong password", (url: string) => url.replace(postgresPassword, "canary-wrong-password"), "28P01"],
  ["a database that is not there", (url: string) => `${url}x`, "3D000"],
  ["a port where nothing listens", (url: string) => url.replace(/:\d+\//, ":1/"), "ECONNREFUSED"],
])("%s is told without the URL", async (_, change, code) => {
  const url = change(await all.server.database());
  const database = new BooksDatabase({ kind: "postgres", url: async () => url });
  const error: unknown = await database.open().catch((thrown: unknown) => thrown);
  await database.close();
  expect(describeFailure(error)).toContain(`(${code})`);
  expect(describeFailure(error)).not.toMatch(/canary|postgresql:/);
});
