import { once } from "node:events";
import { Redis } from "ioredis";

/** How long the first connection is waited for, in milliseconds. */
const firstPatience = 2000;

/** Connects, and goes on trying. What is asked meanwhile fails at once, for its asker to count alone. */
export async function connectRedis(url: string, onTrouble: () => void): Promise<Redis> {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 1000,
    retryStrategy: (times) => Math.min(times * 100, 2000),
  });
  let troubled = false;
  redis.on("ready", () => {
    troubled = false;
  });
  redis.on("error", () => {
    if (!troubled) onTrouble();
    troubled = true;
  });
  // Once, so that the first requests are counted there already.
  await once(redis, "ready", { signal: AbortSignal.timeout(firstPatience) }).catch(() => {
    // Told above.
  });
  return redis;
}
