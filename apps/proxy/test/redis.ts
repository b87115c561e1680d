import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { vi } from "vitest";
import { freePort } from "./free-port.ts";
import { watchdog } from "./watchdog.ts";

/** A Redis of a test's own, on a socket in a folder of its own, and on a port for those who know its password. */
export interface RedisServer extends AsyncDisposable {
  /** Its socket. */
  readonly url: string;
  readonly port: number;
  keys(): Promise<string[]>;
  stop(): Promise<void>;
}

/** With everything in it that a URL reads in its own way. */
export const redisPassword = "canary-p%41ss/w@rd:";

const names = ["redis-server", "valkey-server"];

/** Why the tests that need a Redis are skipped; `undefined` when they are not. */
export const whyNoRedis =
  find() === undefined ? "(skipped: neither redis-server nor valkey-server is installed)" : undefined;

export async function redisServer(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-redis-"));
  const socket = join(folder, "redis.sock");
  const port = await freePort();
  const options = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--requirepass",
    redisPassword,
    "--unixsocket",
    socket,
    "--pidfile",
    join(folder, "redis.pid"),
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
  ];
  const guard = watchdog(folder, "redis.pid");
  const child = spawn(find() ?? "redis-server", options, { stdio: "ignore" });
  const ended = once(child, "exit");
  const client = new Redis(socket, { password: redisPassword, retryStrategy: () => 20 });
  client.on("error", () => {
    // Not there yet, or no longer.
  });
  await vi.waitFor(() => client.ping(), 5000);
  const stop = async (): Promise<void> => {
    client.disconnect();
    child.kill();
    await ended;
  };
  return {
    url: `${socket}?password=${encodeURIComponent(redisPassword)}`,
    port,
    keys: () => client.keys("*"),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
      await guard[Symbol.asyncDispose]();
    },
  };
}

/** Installs it first where that disturbs nobody: as root, on a machine that is there for tests alone. */
function find(): string | undefined {
  const found = installed();
  if (found !== undefined || process.env.CI !== "true" || process.getuid?.() !== 0) return found;
  try {
    execFileSync("apt-get", ["install", "-y", "redis-server"], { stdio: "ignore", timeout: 60_000 });
  } catch {
    // No such package manager, or no way to its packages: the tests say that they are skipped.
  }
  return installed();
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // The very question.
    return false;
  }
}
