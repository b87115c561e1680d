import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Waits until whoever started it is gone, however it went; then ends the server and removes its files. */
const script = `
cat > /dev/null
pid=$(head -n 1 "$2" 2> /dev/null) && kill -QUIT "$pid"
for i in 1 2 3 4 5 6 7 8 9 10; do [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null && sleep 0.2; done
rm -rf "$1"`;

/**
 * Sees to it that a test's server and its folder do not outlive this process, even if that is killed. To be disposed
 * of when the server has ended.
 * @param pidFile where the server writes its process id, inside the folder; gone when it has ended by itself
 */
export function watchdog(folder: string, pidFile: string): AsyncDisposable {
  const args = ["-c", script, "sh", folder, join(folder, pidFile)];
  // In a group of its own: what ends the tests with Ctrl-C must not end it.
  const child = spawn("/bin/sh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  const ended = once(child, "exit");
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
