import type { SecretEvent } from "@keyward/core";
import type { Log } from "./log.ts";

/** How long a line is not said again, in milliseconds: a store that is down fails every read. */
const quiet = 60_000;

/** Lines remembered; more are said again early. */
const remembered = 1000;

/** Tells the operator what happens to the secrets: a line for each change and each failure, and never a value. */
export function secretLog(
  log: Log,
  now: () => number = () => performance.now(),
): (event: SecretEvent) => void {
  const said = new Map<string, { at: number; unsaid: number }>();

  function warn(line: string): void {
    const last = said.get(line);
    if (last !== undefined && now() - last.at < quiet) {
      last.unsaid += 1;
      return;
    }
    if (said.size >= remembered) said.clear();
    said.set(line, { at: now(), unsaid: 0 });
    const times =
      last === undefined || last.unsaid === 0 ? "" : ` (${last.unsaid} times more since it was last said)`;
    log.warn(line + times);
  }

  return (event) => {
    if (event.type === "rotated") {
      const version = event.version === undefined ? "" : `, version ${event.version}`;
      log.info(`Secret ${event.key} in ${event.provider} has changed${version}`);
    } else if (event.type === "failed") {
      const what = event.key === undefined ? "Listing the secrets" : `Reading secret ${event.key}`;
      const reason = event.reason === undefined ? "" : `, ${event.reason}`;
      warn(`${what} in ${event.provider} failed: ${event.code}${reason}`);
    } else if (event.type === "stale") {
      warn(`Secret ${event.key} in ${event.provider} cannot be read now: its last value stays in use`);
    }
  };
}
