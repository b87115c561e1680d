import { LRUCache } from "lru-cache";

/** What many write by hand: `lru-cache` with a time to live and its shared `fetch`. It knows nothing of secrets. */
export function lruCache(read: (key: string) => Promise<string>): LRUCache<string, string> {
  return new LRUCache<string, string>({ max: 10_000, ttl: 300_000, fetchMethod: read });
}
