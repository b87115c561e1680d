import type { Clock } from "./clock.ts";
import type { SecretEvent } from "./events.ts";
import type { SecretsHealth } from "./health.ts";
import type { CachePolicy, PollPolicy, RetryPolicy } from "./policy.ts";
import type { FailureKind, SecretProvider } from "./provider.ts";
import type { Secret } from "./secret.ts";

/**
 * What an application holds: reads that are cached, shared, bounded in time and never leak. A `reference` is a bare
 * name, `os.environ/NAME`, or `secret://<provider>/<name>?version=<version>#<json-pointer>`.
 *
 * Every failure is a {@link SecretError}; its `code` says which.
 */
export interface Secrets extends AsyncDisposable {
  /**
   * The value.
   * @throws SecretError `not_found` when every provider answered "no such secret"; its own code for every failure.
   */
  get(reference: string, options?: ReadOptions): Promise<string>;

  /**
   * The value, or `undefined` if every provider answered "no such secret". An empty string is a value.
   * @throws SecretError for every failure; a failure is never `undefined`.
   */
  find(reference: string, options?: ReadOptions): Promise<string | undefined>;

  /** The value wrapped so that it does not print, with its provider, version and timestamps. @throws as `get`. */
  read(reference: string, options?: ReadOptions): Promise<Secret>;

  /**
   * A function for SDKs that take one as their API key; each call is a `get`.
   * @throws SecretError `invalid_reference` at once, if the reference is malformed or names no provider.
   */
  getter(reference: string): () => Promise<string>;

  /**
   * Several values at once, under the references they were asked by.
   * @throws SecretError `unresolved`; its `problems` name every one that failed.
   */
  getMany<const K extends string>(
    references: readonly K[],
    options?: ReadOptions,
  ): Promise<Record<K, string>>;

  /**
   * A copy of a configuration with every reference replaced, in objects and arrays at any depth. Only whole strings
   * are references; one inside a longer string is a problem, and so is a value that is itself a reference.
   * @throws SecretError `unresolved`; its `problems` name every bad reference with its path in the configuration.
   */
  resolve<T>(config: T, options?: ReadOptions): Promise<T>;

  /**
   * Calls `listener` after every change of version or value, and with the first value if none was known yet. While
   * there are subscribers, secrets whose store cannot tell of changes are polled. A secret that is gone or denied has
   * no value to call with: from then on `get` throws, and `onEvent` is told.
   * @returns the end of the subscription.
   * @throws SecretError `invalid_reference`, `invalid_name`, `closed`, at once.
   */
  subscribe(reference: string, listener: (secret: Secret) => void): () => void;

  /**
   * Forgets one secret, or all: the next call asks the store. A read already under way answers no later call.
   * @throws SecretError `invalid_reference`, `invalid_name`, at once.
   */
  invalidate(reference?: string): void;

  /**
   * Masks every value handed out so far, as `[secret]`: plain, URL-encoded, base64 and JSON-escaped. Values of fewer
   * than four characters are left alone, as is what stands in other encodings.
   */
  redact(text: string): string;

  /** As `redact`, for a stream of text; also finds values that are cut across chunks. */
  redactStream(): TransformStream<string, string>;

  /** What the reads so far tell of each provider. Asks no store. */
  health(): SecretsHealth;

  /** Ends reads, polls and watches and closes the providers. Idempotent. Later calls reject with `closed`; `redact` goes on. */
  close(): Promise<void>;
}

/** What one call may ask for. */
export interface ReadOptions {
  /** Ends this caller's wait, which rejects with `aborted`. The read goes on for others, up to its deadline. */
  readonly signal?: AbortSignal | undefined;
}

/** What `createSecrets` takes. All but the providers has a default. */
export interface SecretsOptions {
  /**
   * Asked in order: the next one only when the one before answered "no such secret". In an object, each key is the
   * provider's id in `secret://<id>/...`; in a list, the id is the provider's name up to its parenthesis.
   */
  readonly providers: readonly SecretProvider[] | Readonly<Record<string, SecretProvider>>;
  /** Kinds of failure after which the next provider is asked all the same. Default: none. */
  readonly continueOn?: readonly FailureKind[];
  /** How long values are used; `false` reads the store for every call. Reads stay shared either way. */
  readonly cache?: Partial<CachePolicy> | false;
  /** Time for one call in all, retries included, in milliseconds. Default 10,000. */
  readonly deadlineMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly poll?: Partial<PollPolicy>;
  /** Called with everything that happens. A hook that throws disturbs nobody. */
  readonly onEvent?: (event: SecretEvent) => void;
  /** Default: the system's clock and timers. */
  readonly clock?: Clock;
  /** Numbers from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
}
