import type { SecretProvider } from "@keyward/core";

/**
 * What a store may be unable to do, and so what a harness may lack. Each is declared in `Harness.lacks` with the
 * reason, which becomes the text of the skipped test.
 */
export type Capability =
  /** Hold an empty string. */
  | "empty values"
  /** Hold values of any Unicode text. */
  | "unicode values"
  /** Hold values of several lines. */
  | "multi-line values"
  /** Hold values that begin or end with white space. */
  | "surrounding white space"
  /** Delete a secret. */
  | "remove"
  /** Keep earlier versions and read them by `context.version`. */
  | "versions"
  /** Refuse the identity. */
  | "deny"
  /** Be out of reach. */
  | "outage"
  /** Answer "too many requests". */
  | "throttle"
  /** Say how long to wait when it answers "too many requests". */
  | "retry after"
  /** Be asked only once for a read that fails: for SDKs whose own retries cannot be turned off. */
  | "one attempt"
  /** Answer late, or never. */
  | "delay"
  /** Answer something that makes no sense. */
  | "corrupt";

/** A provider under test, over a store that the test can steer. One is opened, and disposed of, for each test. */
export interface Session {
  /** Built from its public options, over the vendor's real SDK where there is one. */
  readonly provider: SecretProvider;
  /** Creates or replaces a secret in the store, as another person would: not through the provider. */
  seed(key: string, value: string): Promise<{ readonly version?: string } | undefined>;
  remove?(key: string): Promise<void>;
  /** From now on the store refuses the provider's identity. */
  deny?(): Promise<void>;
  /** From now on the store cannot be reached. */
  outage?(): Promise<void>;
  /** From now on the store answers "too many requests", and says to wait this long where it can say so. */
  throttle?(retryAfterSeconds: number): Promise<void>;
  /** From now on the store accepts requests and never answers. */
  hang?(): Promise<void>;
  /** From now on the store answers with success and nonsense. */
  corrupt?(): Promise<void>;
  /** Ends whatever `deny`, `outage`, `throttle`, `hang` and `corrupt` began. */
  heal?(): Promise<void>;
  /** How many read requests the store has seen, so that the suite can tell a cache from a store. */
  requests?(): number;
  /** Tokens, client secrets and the like that must not come out of an error. */
  readonly credentials?: readonly string[];
  /** Closes the store; the suite has closed the provider. */
  dispose(): Promise<void>;
}

export interface Harness {
  /** Opens a provider over an empty store. */
  open(): Promise<Session>;
  /** Names that this store can hold, other than the suite's default `CONFORMANCE_A`, `CONFORMANCE_B` and so on. */
  readonly names?: readonly [string, string, string];
  /** What the store cannot do, and why: `{ versions: "a .env file keeps one value for each name" }`. */
  readonly lacks?: Partial<Record<Capability, string>>;
  /** How long the suite waits, where the defaults do not fit the store. */
  readonly limits?: Partial<Limits>;
}

/** In milliseconds. */
export interface Limits {
  /** For a found or absent answer, the first one included, which may import an SDK and sign in. Default 10,000. */
  readonly answerMs: number;
  /** For a failure: half of core's deadline, so that a second attempt has its chance. Default 5,000. */
  readonly failMs: number;
  /** From the abort of a signal to the end of the read. Default 1,000. */
  readonly abortMs: number;
  /** From a change in the store to its report by `watch`. Default 5,000. */
  readonly noticeMs: number;
  /** For nothing to happen, wherever that is the promise. Default 250. */
  readonly quietMs: number;
}
