import { type BigIntStats, type FSWatcher, statSync, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";

export interface WatchTimes {
  /** Milliseconds between the first sign of a change and the look at the files, so that one save is one report. */
  readonly settle: number;
  /** Milliseconds between looks at the files without any sign. */
  readonly look: number;
}

/**
 * Calls `onChange` when one of the files changes, appears or goes. Does not keep the process alive.
 *
 * It is the folders that are watched: an editor puts a new file in the place of the old one, and Kubernetes swaps
 * a symbolic link beside it, neither of which a watch on the file survives. What no folder tells (a link's target
 * elsewhere, a file mounted into a container, a network file system, a folder that does not exist yet) is found by
 * a slow look at the files themselves.
 *
 * @returns a function that ends it.
 */
export function watchFiles(
  paths: readonly string[],
  onChange: () => void,
  times: WatchTimes = { settle: 100, look: 5_000 },
): () => void {
  const folders = new Set(paths.map((path) => dirname(path)));
  const watchers = new Map<string, FSWatcher>();
  let stopped = false;
  let settling: NodeJS.Timeout | undefined;
  // Synchronous, so that no change after this call can hide in the first state.
  let known = paths.map((path) => fingerprint(attempt(() => statSync(path, { bigint: true })))).join();

  const compare = async () => {
    const states = await Promise.all(
      paths.map((path) => stat(path, { bigint: true }).then(fingerprint, fingerprint)),
    );
    const now = states.join();
    if (stopped || now === known) return;
    known = now;
    onChange();
  };

  const sign = () => {
    // Not restarted by further signs: a busy folder must not put the look off for ever.
    settling ??= setTimeout(() => {
      settling = undefined;
      void compare();
    }, times.settle).unref();
  };

  const watchFolders = () => {
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      const watcher = attempt(() => watch(folder, { persistent: false }, sign));
      // The folder is missing or watches have run out: the slow look goes on, and tries again.
      if (watcher instanceof Error) continue;
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
    }
  };

  watchFolders();
  const looking = setInterval(() => {
    watchFolders();
    void compare();
  }, times.look).unref();

  return () => {
    stopped = true;
    clearInterval(looking);
    clearTimeout(settling);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

/** Changes whenever the content may have changed, or the right to read it. */
function fingerprint(state: BigIntStats | NodeJS.ErrnoException): string {
  if (state instanceof Error) return state.code ?? "unknown";
  return `${state.dev}:${state.ino}:${state.size}:${state.mtimeNs}:${state.ctimeNs}`;
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error : new Error("failed");
  }
}
