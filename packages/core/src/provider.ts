/**
 * The contract between Keyward and a secret store.
 *
 * One member is required. Every optional member is a capability: core asks for its presence, and says below
 * what it does without it. A provider holds no cache, makes no retries, has no fallback and writes no logs:
 * core does each of these once, for all of them.
 *
 * Obligations no type can state, all of them checked by `@keyward/conformance`:
 * - a value is handed on exactly as the store holds it; an empty string is a value;
 * - `undefined` means that the store itself answered "there is no such secret", nothing else does;
 * - every other failure is thrown, as the SDK threw it, never swallowed and never turned into a value;
 * - nothing is remembered: two reads ask the store twice;
 * - the promise settles soon after `context.signal` aborts, and nothing goes on in the background;
 * - after `close()` a read rejects.
 */
export interface SecretProvider {
  /** Shown in logs, errors and events, so it holds no credential: `azure-key-vault(https://my.vault.azure.net)`. */
  readonly name: string;

  /**
   * Reads one secret from the store.
   *
   * @param key the name as the application wrote it, or as `storeKey` returned it where there is one.
   * @returns `undefined` only if the store answered that there is no such secret (or no such version).
   * @throws whatever the SDK throws; core hands it to `classify` and shows nothing else of it.
   */
  readSecret(key: string, context: ReadContext): Promise<SecretReading | undefined>;

  /**
   * The store's own spelling of a name: Key Vault keeps `AZURE_API_KEY` as `AZURE-API-KEY`. Keys with the same
   * result share one cache entry, and core reports when two spellings meet in one secret.
   * Without it, names go to the store as they are.
   *
   * @throws an Error whose message says what is wrong with the name and what is allowed, before any request.
   */
  storeKey?(key: string): string;

  /**
   * Says what a thrown error means. Called with everything `readSecret` and `readAll` throw.
   * Without it, or where it answers `undefined`, a failure is `unknown`: never retried, never served stale.
   */
  classify?(error: unknown): Failure | FailureKind | undefined;

  /**
   * Reads everything, for stores that list names and values in one call. Core then fills its cache from one
   * listing instead of reading key by key, under the names that `storeKey` returns. What the listing does not hold is
   * absent.
   * A read that asks for a version always goes to `readSecret`.
   */
  readAll?(context: ReadAllContext): Promise<ReadonlyMap<string, SecretReading>>;

  /**
   * Reports changes as the store tells of them, until `context.signal` aborts: `onChange(key)` for one secret, under
   * the name that `storeKey` returns, `onChange()` for "anything may have changed". Core reads again and compares; a report too many does no harm.
   * Called at most once. Without it, core polls while somebody is subscribed.
   */
  watch?(onChange: (key?: string) => void, context: WatchContext): void;

  /** Releases sockets, timers and files of the provider's own making, not a client that was handed in. Called once. */
  close?(): Promise<void>;
}

/** What `readSecret` is asked for besides the name. */
export interface ReadContext {
  /** Aborts at the deadline and when the manager closes. Pass it to the SDK; where the SDK takes none, race it. */
  readonly signal: AbortSignal;
  /** The version wanted. Absent for the current one. A store without versions throws when it is given. */
  readonly version?: string;
}

/** What `readAll` may rely on. */
export interface ReadAllContext {
  /** Aborts at the deadline and when the manager closes. */
  readonly signal: AbortSignal;
}

/** How long a `watch` lasts. */
export interface WatchContext {
  /** Aborts when the manager closes. */
  readonly signal: AbortSignal;
}

/** What the store answered. */
export interface SecretReading {
  /** The value, unchanged. */
  readonly value: string;
  /** The store's own version identifier. A new version with the same value still counts as a change. */
  readonly version?: string;
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
  /** Core never serves the value from its cache after this moment. */
  readonly expiresAt?: Date;
}

/**
 * - `denied`: the store knows us and says no, or does not accept our credentials. Never retried; evicts.
 * - `unavailable`: no answer, or the store says that it is broken. Retried; the last good value is served meanwhile.
 * - `throttled`: too many requests. As `unavailable`, after the wait that the store asks for.
 * - `invalid`: asking again cannot help: a malformed name, a disabled secret, an answer that makes no sense.
 * - `unknown`: none of these.
 */
export type FailureKind = "denied" | "unavailable" | "throttled" | "invalid" | "unknown";

/** What `classify` makes of an error. No field may carry a value, a token or an SDK's own message. */
export interface Failure {
  readonly kind: FailureKind;
  /** A fixed identifier for the provider's error table, in kebab-case: `secret-disabled`. */
  readonly reason?: string;
  /** One sentence that says what is wrong and one that says what to do, from a fixed table. */
  readonly remedy?: string;
  /** How long the store asks us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}
