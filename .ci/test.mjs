// `npm test`: installs, builds, lints, type-checks and tests everything; what has not changed comes from turbo's cache.
import { rmSync } from "node:fs";
import { install, pnpm } from "./pnpm.mjs";
import { reportFolders } from "./reports.mjs";

install();
for (const folder of reportFolders()) rmSync(folder, { recursive: true, force: true });
pnpm(
  "exec",
  "turbo",
  "run",
  "build",
  "lint",
  "typecheck",
  "test",
  "--continue",
  "--concurrency=2",
  "--output-logs=errors-only",
);
