import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is removed when `opened` is disposed of, after everything that was opened later. */
export async function temporaryFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-bench-"));
  opened.defer(() => rm(folder, { recursive: true }));
  return folder;
}
