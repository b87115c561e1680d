import { spawn } from "node:child_process";
import { constants } from "node:os";
import { parseReference } from "@keyward/core";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { formatProblems } from "../config/problem.ts";
import { UserError } from "../user-error.ts";

export interface RunOptions {
  readonly config: string;
  readonly command: readonly string[];
  readonly warn: (line: string) => void;
}

/** Those that ask a process to do something. `SIGINT` of a terminal reaches the command by itself. */
const forwarded = ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/** As shells have it: no such command, not a program. */
const exitCodes: Readonly<Record<string, number>> = { ENOENT: 127, EACCES: 126 };

/**
 * Runs a command with the secrets of a configuration in its environment, until it ends.
 * @returns its exit code; for a signal 128 and the signal's number, as shells have it
 */
export async function run({
  config: file,
  command: [name = "", ...args],
  warn,
}: RunOptions): Promise<number> {
  const config = await loadConfig({ file });
  for (const line of formatProblems(file, config.warnings)) warn(line);
  const variables = await childVariables(config).finally(() => config.secrets.close());
  const child = spawn(name, args, { stdio: "inherit", env: { ...process.env, ...variables } });
  const signals = process.stdin.isTTY ? forwarded : [...forwarded, "SIGINT" as const];
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  if (process.stdin.isTTY) process.on("SIGINT", waitForChild);
  return new Promise((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      // It quotes the arguments; the code says enough.
      warn(`${name} cannot be run (${error.code}): check the command after --`);
      resolve(exitCodes[error.code ?? ""] ?? 1);
    });
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

function waitForChild(): void {}

/**
 * What `environment_variables` define, and every `os.environ/NAME` of the configuration under its name, with `_` for
 * what no shell takes in a name.
 * @throws UserError for a value that no environment can hold
 */
async function childVariables({
  references,
  environmentVariables,
  secrets,
}: LoadedConfig): Promise<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const { reference } of references) {
    const { provider, name } = parseReference(reference);
    if (provider === undefined) variables.set(name.replace(/\W/g, "_"), await secrets.get(reference));
  }
  for (const [name, value] of environmentVariables) variables.set(name, value);
  for (const [name, value] of variables) {
    // Node would quote the value in its own error.
    if (value.includes("\0"))
      throw new UserError(`The value of ${name} has a zero byte, which no environment can hold`);
  }
  return Object.fromEntries(variables);
}
