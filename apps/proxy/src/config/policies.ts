import type { SecretsOptions } from "@keyward/core";
import type { Configuration } from "./sections.ts";

/** How long what was read is used, from seconds, as the file has them. */
export function policies({
  secrets = {},
}: Configuration): Pick<SecretsOptions, "cache" | "poll" | "deadlineMs"> {
  const { cache: { ttl, absent_ttl, max_stale } = {}, poll_interval, deadline } = secrets;
  return {
    cache: {
      ...inMilliseconds("ttlMs", ttl),
      ...inMilliseconds("absentTtlMs", absent_ttl),
      ...inMilliseconds("maxStaleMs", max_stale),
    },
    poll: inMilliseconds("intervalMs", poll_interval),
    ...inMilliseconds("deadlineMs", deadline),
  };
}

function inMilliseconds<K extends string>(key: K, seconds: number | undefined): { [name in K]?: number } {
  return seconds === undefined ? {} : ({ [key]: seconds * 1000 } as { [name in K]: number });
}
