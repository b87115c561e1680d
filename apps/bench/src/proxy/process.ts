import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of ours that answers questions. Disposing of it ends it. */
export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  ask(message: unknown): Promise<unknown>;
}

/** Starts one of `processes/` and waits until it listens. */
export async function startProcess(name: string, ...args: readonly string[]): Promise<StartedProcess> {
  const child = fork(fileURLToPath(new URL(`./processes/${name}-process.ts`, import.meta.url)), args);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The process "${name}" ended with code ${code}; its error is above.`);
  });
  ended.catch(() => {
    // Told to whoever waits for an answer; an end that was asked for is none of anybody's business.
  });
  const message = async (): Promise<object> => (await Promise.race([once(child, "message"), ended]))[0];
  const first = await message();
  return {
    pid: child.pid ?? 0,
    port: "port" in first && typeof first.port === "number" ? first.port : 0,
    async ask(question) {
      child.send(question as object);
      const answer = await message();
      return "answered" in answer ? answer.answered : undefined;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
