import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs the pnpm that the repository pins, as `.ci/pnpm.mjs` does, and answers what it printed. */
export async function pnpm(args: readonly string[], cwd: string): Promise<string> {
  const { packageManager } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
  const windows = process.platform === "win32";
  try {
    const { stdout } = await promisify(execFile)(
      windows ? "npx.cmd" : "npx",
      ["--yes", packageManager, ...args],
      { cwd, shell: windows, maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  } catch (error) {
    // pnpm explains itself on stdout, which the message of a failed process leaves out.
    const { stdout = "", message } = error as Error & { stdout?: string };
    throw new Error(`pnpm ${args[0]} failed: ${message}\n${stdout}`);
  }
}
