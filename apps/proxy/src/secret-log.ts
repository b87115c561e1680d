import type { SecretEvent } from "@keyward/core";
import type { Log } from "./log.ts";
import { quietly } from "./quiet-warnings.ts";

/** Tells the operator what happens to the secrets: a line for each change and each failure, and never a value. */
export function secretLog(
  log: Log,
  now: () => number = () => performance.now(),
): (event: SecretEvent) => void {
  const warn = quietly(log, now);
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
