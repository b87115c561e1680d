import { fstatSync, readSync, statSync } from "node:fs";
import { devNull } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../user-error.ts";

/** What a command prints that ends by itself. */
export interface Output {
  print(line: string): void;
  /** Resolves once every line has left this process, or is lost. */
  flushed(): Promise<void>;
  /**
   * The same, with whether somebody still took them.
   * @throws UserError when they could not be written
   */
  written(): Promise<boolean>;
}

export function outputTo(stream: Writable): Output {
  let last = Promise.resolve();
  let failure: NodeJS.ErrnoException | undefined;
  return {
    print(line) {
      last = new Promise((resolve) => {
        stream.write(`${line}\n`, (error) => {
          failure ??= error ?? undefined;
          resolve();
        });
      });
    },
    flushed: () => last,
    async written() {
      await last;
      if (failure === undefined) return true;
      if (failure.code === "EPIPE") return false;
      throw new UserError(`Standard output cannot be written (${failure.code}): what was printed is lost`);
    },
  };
}

/**
 * Whether a process was started without a standard output. Node opens the null device in its place, for reading as
 * well as for writing, which a shell's `> /dev/null` does not. Some programs do so for those that they start.
 */
export function isOutputClosed(): boolean {
  const output = 1;
  try {
    const opened = fstatSync(output);
    if (!opened.isCharacterDevice() || opened.rdev !== statSync(devNull).rdev) return false;
    readSync(output, Buffer.alloc(1));
    return true;
  } catch {
    // What cannot be read was opened to be written.
    return false;
  }
}
