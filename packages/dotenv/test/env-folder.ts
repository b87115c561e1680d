import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const nobody = 65_534;

/** A folder that is gone after the test. */
export async function envFolder(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const path = await mkdtemp(join(tmpdir(), "keyward-dotenv-"));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(path, name), content);
  for (const [name, content] of Object.entries(files)) await write(name, content);
  return {
    path,
    write,
    link: (name: string, target: string) => symlink(target, join(path, name)),
    folder: (name: string) => mkdir(join(path, name)),

    /** Takes the right to read a file away, from root too, until it is disposed of. */
    async refuse(name: string): Promise<AsyncDisposable> {
      await chmod(path, 0o755);
      await chmod(join(path, name), 0);
      const root = process.getuid?.() === 0;
      if (root) process.seteuid?.(nobody);
      return {
        async [Symbol.asyncDispose]() {
          if (root) process.seteuid?.(0);
          await chmod(join(path, name), 0o600);
        },
      };
    },

    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
