// `npm start`: everything it takes to run the proxy from a fresh clone. Arguments go to `keyward`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { install, pnpm, root } from "./pnpm.mjs";

install();
pnpm("exec", "turbo", "run", "build", "--filter=@keyward/proxy...", "--output-logs=errors-only");

const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
// Bodies die young: more room for them saves memory, see apps/proxy/README.md.
const keyward = spawn(
  node,
  ["--max-semi-space-size=16", join(root, "apps/proxy/dist/main.js"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => keyward.kill(signal));
keyward.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
