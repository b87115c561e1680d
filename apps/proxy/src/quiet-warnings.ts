import type { Log } from "./log.ts";

/** How long a line is not said again, in milliseconds: what is down fails every call. */
const quiet = 60_000;

/** Lines remembered; more are said again early. */
const remembered = 1000;

/** Warnings of which each is said at most once a minute, with how often it was left unsaid. */
export function quietly(log: Log, now: () => number = () => performance.now()): (line: string) => void {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (line) => {
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
  };
}
