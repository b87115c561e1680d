import { randomUUID } from "node:crypto";
import type { DatabasePlace } from "../src/books/database/books-database.ts";
import { type Postgres, postgres } from "./postgres.ts";
import { type Files, files } from "./running-proxy.ts";

/** Both databases, for tests that hold for both. */
export interface Databases extends AsyncDisposable {
  readonly server: Postgres;
  /** A new, empty database. */
  place(kind: DatabasePlace["kind"]): Promise<DatabasePlace>;
}

export const databaseKinds = ["postgres", "sqlite"] as const;

export async function databases(): Promise<Databases> {
  const [server, folder]: [Postgres, Files] = await Promise.all([postgres(), files()]);
  return {
    server,
    async place(kind) {
      if (kind === "sqlite") return { kind, file: folder.path(`${randomUUID()}/books.db`) };
      const url = await server.database();
      return { kind, url: async () => url };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
