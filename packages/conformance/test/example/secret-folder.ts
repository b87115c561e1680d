import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretProvider } from "@keyward/core";

/** One file for each secret, as Docker and Kubernetes mount them. */
export function secretFolder(folder: string): SecretProvider {
  return {
    name: `secret-folder(${folder})`,
    storeKey(key) {
      if (/^\w[\w.-]*$/.test(key)) return key;
      throw new Error(`${JSON.stringify(key)} is no file name: use letters, digits, "_", "-" and ".".`);
    },
    async readSecret(key, { signal, version }) {
      if (version !== undefined) throw new Error("A file has no versions.");
      signal.throwIfAborted();
      await access(folder); // a folder that is gone is an outage; only a file can be absent
      try {
        return { value: await readFile(join(folder, key), { encoding: "utf8", signal }) };
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    classify: (error) => (codeOf(error) === "ENOENT" ? "unavailable" : undefined),
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
