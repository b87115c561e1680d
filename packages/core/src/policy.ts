import { SecretError } from "./errors.ts";

/** How long what was read may be used. All in milliseconds. */
export interface CachePolicy {
  /** How long a value is used without asking again. Default 300,000 (five minutes). */
  readonly ttlMs: number;
  /** How long "no such secret" is believed. Default 10,000. */
  readonly absentTtlMs: number;
  /** How long past `ttlMs` the last good value may be served while the store is unavailable or throttled. Default 3,600,000 (one hour); 0 for never. */
  readonly maxStaleMs: number;
  /** How long a stale value is served before the store is tried again. Default 5,000. */
  readonly staleRetryMs: number;
  /** References kept; the least recently used go first. Default 10,000. */
  readonly maxEntries: number;
}

/** Retries of `unavailable` and `throttled`, with full jitter, always within the deadline. */
export interface RetryPolicy {
  /** Attempts in all. Default 3. */
  readonly attempts: number;
  /** Longest wait before the second attempt; doubles with each. Default 200 ms. */
  readonly baseMs: number;
  /** Longest wait before any attempt, unless the store asks for more. Default 2,000 ms. */
  readonly capMs: number;
}

export interface PollPolicy {
  /** Time between two looks at a subscribed secret whose store cannot tell of changes. Default 60,000 ms. */
  readonly intervalMs: number;
  /** Share of the interval by which each look is moved at random. Default 0.2. */
  readonly jitter: number;
  /** Looks under way at once, over all secrets. Default 16. */
  readonly concurrency: number;
}

export const cacheDefaults: CachePolicy = {
  ttlMs: 300_000,
  absentTtlMs: 10_000,
  maxStaleMs: 3_600_000,
  staleRetryMs: 5_000,
  maxEntries: 10_000,
};
export const noCache: CachePolicy = {
  ...cacheDefaults,
  ttlMs: 0,
  absentTtlMs: 0,
  maxStaleMs: 0,
  staleRetryMs: 0,
};
export const retryDefaults: RetryPolicy = {
  attempts: 3,
  baseMs: 200,
  capMs: 2_000,
};
export const pollDefaults: PollPolicy = {
  intervalMs: 60_000,
  jitter: 0.2,
  concurrency: 16,
};
export const deadlineDefaultMs = 10_000;

/** @throws SecretError `misconfigured`, naming the option and what it takes. */
export function withDefaults<T extends { readonly [K in keyof T]: number }>(
  section: string,
  defaults: T,
  given: Partial<T> = {},
  atLeast: Partial<Record<keyof T, number>> = {},
): T {
  const result = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof T & string)[]) {
    const value = given[name];
    if (value === undefined) continue;
    result[name] = checkNumber(`${section}.${name}`, value, atLeast[name] ?? 0) as T[typeof name];
  }
  return result;
}

/** @throws SecretError `misconfigured`. */
export function checkNumber(option: string, value: number, atLeast: number): number {
  if (typeof value === "number" && value >= atLeast && !Number.isNaN(value)) return value;
  throw new SecretError({
    code: "misconfigured",
    message: `createSecrets: ${option} is ${typeof value === "number" ? value : `a ${typeof value}`}; it takes a number from ${atLeast} up.`,
  });
}
