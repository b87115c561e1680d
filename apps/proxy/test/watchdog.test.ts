import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { expect, test, vi } from "vitest";

const program = `
  const { postgres } = await import(${JSON.stringify(new URL("postgres.ts", import.meta.url).href)});
  console.log(await (await postgres()).database());`;

test("a test run that is killed leaves no PostgreSQL behind", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await once(createInterface(child.stdout), "line");
  const port = Number(new URL(line).port);
  expect(await listens(port)).toBe(true);
  child.kill("SIGKILL");
  await ended;
  await vi.waitFor(async () => expect(await listens(port)).toBe(false), 10_000);
});

async function listens(port: number): Promise<boolean> {
  const socket = createConnection(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused: the very question.
    return false;
  } finally {
    socket.destroy();
  }
}
