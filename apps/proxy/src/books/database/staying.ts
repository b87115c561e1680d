import type { DatabaseUrl } from "./rotating-pool.ts";

export interface Staying {
  readonly url: DatabaseUrl;
  /** From now on only this database is led to: what has been read of it, and is still to be written, belongs there. */
  settle(): void;
}

/**
 * Lets a URL change its user and password at any time, and its database only until the books have been opened: word
 * of changes, keys in memory and spend that waits cannot move to another one.
 */
export function staying(url: DatabaseUrl, onElsewhere: () => void): Staying {
  let latest: string | undefined;
  let settled = false;
  let refused = "";
  return {
    async url() {
      const next = await url();
      if (!settled || latest === undefined || databaseOf(next) === databaseOf(latest)) {
        latest = next;
        return next;
      }
      if (refused !== next) onElsewhere();
      refused = next;
      return latest;
    },
    settle() {
      settled = true;
    },
  };
}

/** Without user, password and options. What is no URL leads nowhere. */
function databaseOf(url: string): string {
  if (!URL.canParse(url)) return "";
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || "5432"}${pathname}`;
}
