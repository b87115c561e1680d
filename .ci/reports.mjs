import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pnpm.mjs";

/** Where the test runner leaves its report, for each package that has tests. */
export function reportFolders() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, ".report")))
    .filter((folder) => existsSync(folder));
}
