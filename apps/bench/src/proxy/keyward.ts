import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { announcedPort } from "./announced-port.ts";
import { masterKey } from "./client.ts";
import type { Contender, Running } from "./contender.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const models = ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3", "text-embedding-3-small"];

interface KeywardOptions {
  readonly nodeFlags?: readonly string[];
  /** What the clients' key may, where they come with a virtual key and not the master key. */
  readonly virtualKey?: object | undefined;
}

/** The built `keyward` command, with a master key and five models whose keys are in a `.env` file. */
export function keyward(name = "keyward", nodeFlags: readonly string[] = []): Contender {
  return { name, start: (upstreamPort) => start(upstreamPort, { nodeFlags }) };
}

/** The same, its clients with a virtual key, and the books in SQLite. */
export function keywardWithKey(name: string, virtualKey: object): Contender {
  return { name, start: (upstreamPort) => start(upstreamPort, { virtualKey }) };
}

async function start(upstreamPort: number, { nodeFlags = [], virtualKey }: KeywardOptions): Promise<Running> {
  await using opened = new AsyncDisposableStack();
  const folder = await temporaryFolder(opened);
  await writeFile(join(folder, "config.yaml"), configuration(upstreamPort));
  // Clients always send the same key: what it is, is the configuration's affair.
  const own = virtualKey === undefined ? masterKey : "sk-bench-another-master-key-0123456789";
  await writeFile(join(folder, ".env"), `UPSTREAM_KEY=sk-upstream-0123456789\nMASTER_KEY=${own}\n`);

  const main = fileURLToPath(new URL("../../../proxy/dist/main.js", import.meta.url));
  const args = [...nodeFlags, main, "--config", "config.yaml", "--port", "0", "--host", "127.0.0.1"];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, XDG_DATA_HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  opened.defer(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const port = await Promise.race([announcedPort(child.stdout), exited.then(() => undefined)]);
  if (port === undefined || child.pid === undefined) {
    throw new Error("keyward did not start; its error is above. Is it built? `pnpm build` does it.");
  }
  if (virtualKey !== undefined) await generate(port, own, { ...virtualKey, key: masterKey });
  const kept = opened.move();
  return { pid: child.pid, port, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function generate(port: number, own: string, key: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/key/generate`, {
    method: "POST",
    headers: { authorization: `Bearer ${own}` },
    body: JSON.stringify(key),
  });
  if (!response.ok) throw new Error(`No virtual key could be made: status ${response.status}`);
}

function configuration(upstreamPort: number): string {
  const entries = models.map(
    (model) =>
      `  - model_name: ${model}\n    litellm_params:\n      model: openai/${model}-2024-08-06\n` +
      `      api_base: http://127.0.0.1:${upstreamPort}/v1\n      api_key: os.environ/UPSTREAM_KEY\n`,
  );
  return `model_list:\n${entries.join("")}general_settings:\n  master_key: os.environ/MASTER_KEY\n`;
}
