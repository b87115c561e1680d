import type { Writable } from "node:stream";

/** What a command prints that ends by itself. */
export interface Output {
  print(line: string): void;
  /** Resolves once every line has left this process. */
  written(): Promise<void>;
}

export function outputTo(stream: Writable): Output {
  let last = Promise.resolve();
  return {
    print(line) {
      last = new Promise((resolve) => stream.write(`${line}\n`, () => resolve()));
    },
    written: () => last,
  };
}
