import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs the pinned pnpm, which npm fetches when it is not there yet; ends this process if it fails. */
export function pnpm(...args) {
  const windows = process.platform === "win32";
  const result = spawnSync(windows ? "npx.cmd" : "npx", ["--yes", packageManager, ...args], {
    cwd: root,
    stdio: "inherit",
    shell: windows,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", npm_config_update_notifier: "false" },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Installs only when the lock file differs from the one last installed. */
export function install() {
  const text = (path) => {
    try {
      return readFileSync(join(root, path), "utf8");
    } catch {
      return undefined; // not installed yet
    }
  };
  const wanted = text("pnpm-lock.yaml");
  if (wanted !== undefined && wanted === text("node_modules/.pnpm/lock.yaml")) return;
  pnpm("install", "--frozen-lockfile");
}
