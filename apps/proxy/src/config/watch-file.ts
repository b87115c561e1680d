import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

export interface WatchTimes {
  /** Milliseconds for which the text must stay the same: a file that is being written is not read in halves. */
  readonly settle: number;
  /** Milliseconds between looks without any sign, for what no folder tells: mounts, links, network drives. */
  readonly look: number;
}

/**
 * Calls `onChange` when the text of a file is another than `text`, and again for each change after it. It is the
 * folder that is watched: editors and Kubernetes put a new file in the place of the old one.
 *
 * @returns a function that ends it.
 */
export function watchFile(
  file: string,
  text: string,
  onChange: () => void,
  times: WatchTimes = { settle: 100, look: 5_000 },
): () => void {
  let known = text;
  let seen = text;
  let settling: NodeJS.Timeout | undefined;
  let stopped = false;

  const compare = async (): Promise<void> => {
    const now = await readFile(file, "utf8").catch(() => undefined); // Gone, for now: what was read stays good.
    if (stopped || now === undefined || now.trim() === "" || now === known) return;
    if (now === seen) {
      known = now;
      onChange();
    } else {
      seen = now;
      look();
    }
  };

  const look = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      void compare();
    }, times.settle).unref();
  };

  const folder = watchFolder(dirname(file), look);
  const looking = setInterval(look, times.look).unref();
  return () => {
    stopped = true;
    folder?.close();
    clearInterval(looking);
    clearTimeout(settling);
  };
}

/** `undefined` when no more folders can be watched: the slow look does it alone. */
function watchFolder(folder: string, onSign: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onSign);
    return watcher.on("error", () => watcher.close());
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
