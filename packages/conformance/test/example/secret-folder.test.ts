import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeProvider } from "@keyward/conformance";
import { secretFolder } from "./secret-folder.ts";

describeProvider("secretFolder", {
  lacks: {
    versions: "a file has only its present content",
    deny: "a superuser may read every file",
    throttle: "a file system does not count reads",
    delay: "a local disk answers at once",
    corrupt: "any text is a value",
  },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "secret-folder-"));
    return {
      provider: secretFolder(folder),
      seed: async (key, value) => void (await writeFile(join(folder, key), value)),
      remove: (key) => rm(join(folder, key)),
      outage: () => rename(folder, `${folder}.gone`),
      heal: () => rename(`${folder}.gone`, folder),
      dispose: async () => {
        for (const path of [folder, `${folder}.gone`]) await rm(path, { recursive: true, force: true });
      },
    };
  },
});
