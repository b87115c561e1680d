import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The built program. */
export const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export interface Command extends AsyncDisposable {
  /** Everything on standard output and standard error so far. */
  readonly output: { readonly out: string; readonly error: string };
  /** Resolves with the part of standard output that matches, once it is there; rejects when the command ends before. */
  until(pattern: RegExp): Promise<string>;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** As when whoever reads its output ends. */
  closeOutput(): void;
}

/** The built `keyward` command as a process, with nothing in its environment but what is given. */
export function keyward(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; input?: string | Uint8Array },
): Command {
  const { cwd, env = {}, input = "" } = options;
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
  child.stdin.on("error", () => {}); // It may end without reading.
  child.stdin.end(input);
  const output = { out: "", error: "" };
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output.out += chunk.toString();
    for (const watcher of watchers) watcher();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.error += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  return {
    output,
    ended,
    kill: (signal) => child.kill(signal),
    closeOutput() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output.out)?.[0];
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        ended.then((code) => reject(new Error(`ended with ${code}: ${output.error}`)), reject);
        look();
      }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Where a `keyward` that serves listens. */
export async function addressOf(command: Command): Promise<string> {
  return (await command.until(/(?<=listens on )http:\S+(?=\n)/)).trim();
}

/** Asks a model of a proxy. @returns the status. */
export async function ask(url: string, model: string, apiKey = ""): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const body = JSON.stringify({ model, messages: [] });
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
}
