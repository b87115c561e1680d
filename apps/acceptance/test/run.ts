import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

export interface Outcome {
  /** The exit code, or -1 if the process did not end by itself. */
  readonly status: number;
  readonly stdout: string;
  /** What it printed on both streams. */
  readonly output: string;
}

/** Runs Node. A process that is still alive after half a minute is ended. */
export function runNode(args: readonly string[], cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd, timeout: 30_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ status, stdout, output: stdout + stderr });
      },
    );
  });
}

/** Runs a command of a package that this one depends on. */
export async function runTool(
  packageName: string,
  command: string,
  args: readonly string[],
  cwd?: string,
): Promise<Outcome> {
  const manifestPath = require.resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(await readFile(manifestPath, "utf8"));
  return runNode([join(dirname(manifestPath), typeof bin === "string" ? bin : bin[command]), ...args], cwd);
}
