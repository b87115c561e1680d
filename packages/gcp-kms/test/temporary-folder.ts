import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder extends Disposable {
  readonly path: string;
  /** @returns the path of the file. */
  write(name: string, content: string): string;
  dispose(): void;
}

/** A folder of a test's own, which is this user's alone. Its name is short: sockets have to fit in it. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "keyward-"));
  const dispose = (): void => rmSync(path, { recursive: true, force: true });
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
