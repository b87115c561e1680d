import { type ChildProcess, fork } from "node:child_process";
import cluster from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** A running `sharing-worker.ts`. */
export interface RunningWorker {
  /** Has it read all of its variables, and resolves with their values. */
  read(): Promise<unknown>;
  /** Ends it as it is, like a crash. */
  kill(): Promise<void>;
}

export type WorkerKind = "process" | "cluster" | "thread";

const program = fileURLToPath(new URL("./sharing-worker.ts", import.meta.url));

/** Resolves once the worker waits for its first message. */
export async function startWorker(kind: WorkerKind, variables: NodeJS.ProcessEnv): Promise<RunningWorker> {
  const env = { PATH: process.env.PATH, METADATA_SERVER_DETECTION: "none", ...variables };
  if (kind === "thread") return threadWorker(new Worker(program, { env, execArgv: [] }));
  return processWorker(kind === "cluster" ? clusterProcess(env) : fork(program, { env, execArgv: [] }));
}

function clusterProcess(env: NodeJS.ProcessEnv): ChildProcess {
  cluster.setupPrimary({ exec: program, execArgv: [] });
  return cluster.fork(env).process;
}

async function processWorker(child: ChildProcess): Promise<RunningWorker> {
  const answer = async (): Promise<unknown> => (await once(child, "message"))[0];
  await answer();
  return {
    async read() {
      child.send("read");
      return answer();
    },
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function threadWorker(worker: Worker): Promise<RunningWorker> {
  await once(worker, "message");
  return {
    async read() {
      const answer = once(worker, "message");
      worker.postMessage("read");
      return (await answer)[0];
    },
    kill: async () => void (await worker.terminate()),
  };
}
