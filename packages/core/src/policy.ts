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

/** How secrets that somebody subscribed to are looked at. */
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

/** What a number may be, both ends included. */
export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** @throws SecretError `misconfigured`, naming the option and what it takes. */
export function withDefaults<T extends { readonly [K in keyof T]: number }>(
  section: string,
  defaults: T,
  given: Partial<T> = {},
  bounds: Partial<Record<keyof T, Bounds>> = {},
): T {
  if (typeof given !== "object" || given === null)
    throw misconfigured(`${section} is ${kindOf(given)}; it takes an object`);
  const result = { ...defaults };
  for (const name of Object.keys(given) as (keyof T & string)[]) {
    if (!Object.hasOwn(defaults, name))
      throw misconfigured(`${section}.${name} is no option; there are: ${Object.keys(defaults).join(", ")}`);
    const value = given[name];
    if (value === undefined) continue;
    result[name] = checkNumber(`${section}.${name}`, value, bounds[name]) as T[typeof name];
  }
  return result;
}

/** @throws SecretError `misconfigured`. */
export function checkNumber(option: string, value: unknown, bounds: Bounds = {}): number {
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = bounds;
  if (typeof value === "number" && value >= atLeast && value <= atMost) return value;
  const range = atMost === Number.POSITIVE_INFINITY ? `from ${atLeast} up` : `from ${atLeast} to ${atMost}`;
  const what = typeof value === "number" ? value : kindOf(value);
  throw misconfigured(`${option} is ${what}; it takes a number ${range}`);
}

export function misconfigured(what: string): SecretError {
  return new SecretError({ code: "misconfigured", message: `createSecrets: ${what}.` });
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
