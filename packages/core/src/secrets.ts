import type { Clock } from "./clock.ts";
import type { SecretEvent } from "./events.ts";
import type { FailureKind, SecretProvider } from "./provider.ts";
import type { Secret } from "./secret.ts";

/** What an application holds. See {@link createSecrets}. */
export interface Secrets extends AsyncDisposable {
  /** The value. @throws SecretError `not_found` when no provider has it, and for every failure. */
  get(reference: string, options?: ReadOptions): Promise<string>;
  /** The value, or `undefined` if every provider answered "no such secret". @throws SecretError for every failure. */
  find(reference: string, options?: ReadOptions): Promise<string | undefined>;
  /** The value wrapped so that it cannot be printed, with provider, version and timestamps. @throws as `get`. */
  read(reference: string, options?: ReadOptions): Promise<Secret>;
  /** A function for SDKs that take one as their API key. Each call is a `get`. */
  getter(reference: string): () => Promise<string>;
  /** Several at once. @throws SecretError `unresolved`, naming every one that failed. */
  getMany<const K extends string>(
    references: readonly K[],
    options?: ReadOptions,
  ): Promise<Record<K, string>>;
  /** A copy of `config` with every reference replaced. @throws SecretError `unresolved`, naming every bad reference. */
  resolve<T>(config: T, options?: ReadOptions): Promise<T>;
  /** Calls `listener` on every change of version or value; the function returned ends it. */
  subscribe(reference: string, listener: (secret: Secret) => void): () => void;
  /** Forgets one secret, or all: the next call asks the store. A read under way does not answer a later call. */
  invalidate(reference?: string): void;
  /** Masks every value handed out so far: plain, URL-encoded, base64 and JSON-escaped. */
  redact(text: string): string;
  /** What is known of each provider from the reads so far. Asks no store. */
  health(): SecretsHealth;
  /** Ends reads, polls and watches and closes the providers. Idempotent. Calls made later reject with `closed`. */
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Ends this caller's wait; the read goes on for the others, up to its deadline. */
  readonly signal?: AbortSignal;
}

export interface SecretsOptions {
  /** Asked in order; or named, so that `secret://<name>/...` can pick one. */
  readonly providers: readonly SecretProvider[] | Readonly<Record<string, SecretProvider>>;
  /** Failures after which the next provider is asked. Default none: only *absent* moves on. */
  readonly continueOn?: readonly FailureKind[];
  readonly clock?: Clock;
  readonly onEvent?: (event: SecretEvent) => void;
}

export interface SecretsHealth {
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export declare function createSecrets(options: SecretsOptions): Secrets;
