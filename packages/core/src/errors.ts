const brand: unique symbol = Symbol.for("keyward.SecretError");

/** Every code a {@link SecretError} can have. The list is closed: a new code is a new major version. */
export const secretErrorCodes = [
  "not_found",
  "denied",
  "unavailable",
  "throttled",
  "timeout",
  "invalid",
  "unknown",
  "invalid_name",
  "invalid_reference",
  "unresolved",
  "misconfigured",
  "aborted",
  "closed",
] as const;

/** One of {@link secretErrorCodes}. */
export type SecretErrorCode = (typeof secretErrorCodes)[number];

/** One bad reference among those that `resolve` found. */
export interface SecretProblem {
  /** Where in the configuration, as `model_list[0].litellm_params.api_key`. */
  readonly path: string;
  readonly error: SecretError;
}

/** What a {@link SecretError} is made of. None of it may hold a value, a token or an SDK's own message. */
export interface SecretErrorOptions {
  readonly code: SecretErrorCode;
  readonly message: string;
  readonly key?: string | undefined;
  readonly provider?: string | undefined;
  readonly reason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly problems?: readonly SecretProblem[] | undefined;
}

/**
 * The one error that Keyward throws. Its message says what happened and what to do; no field of it holds a value,
 * a token or an SDK's error, so it can be logged whole. There is no `cause`: SDK errors hold live credentials.
 *
 * Recognise it with {@link isSecretError}, which also works across two copies of this package.
 */
export class SecretError extends Error {
  declare readonly [brand]: true;
  readonly code: SecretErrorCode;
  /** The name asked for, as the application wrote it. */
  readonly key: string | undefined;
  /** `SecretProvider.name` of the provider that failed. */
  readonly provider: string | undefined;
  /** The provider's own identifier for what went wrong, listed in its README: `secret-disabled`. */
  readonly reason: string | undefined;
  /** Milliseconds that the store asked us to wait. */
  readonly retryAfterMs: number | undefined;
  /** With code `unresolved`: every bad reference, in the order of the configuration. */
  readonly problems: readonly SecretProblem[];

  constructor(options: SecretErrorOptions) {
    super(options.message);
    this.code = options.code;
    this.key = options.key;
    this.provider = options.provider;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs;
    this.problems = options.problems ?? [];
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.code === "unavailable" || this.code === "throttled" || this.code === "timeout";
  }

  toJSON(): Record<string, unknown> {
    const { name, code, message, key, provider, reason, retryAfterMs, retryable } = this;
    const problems = this.problems.map(({ path, error }) => ({
      path,
      error: error.toJSON(),
    }));
    return {
      name,
      code,
      message,
      key,
      provider,
      reason,
      retryAfterMs,
      retryable,
      ...(problems.length > 0 ? { problems } : {}),
    };
  }
}

Object.defineProperty(SecretError.prototype, "name", {
  value: "SecretError",
  writable: true,
  configurable: true,
});
Object.defineProperty(SecretError.prototype, brand, { value: true });

/** Whether something thrown is a {@link SecretError}, by brand rather than by `instanceof`. */
export function isSecretError(error: unknown): error is SecretError {
  try {
    return typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;
  } catch {
    return false; // a proxy that refuses to be read
  }
}
