/** The store has the secret and will not, or should not, hand it out. */
export class SecretStateError extends Error {
  override readonly name = "SecretStateError";
  readonly reason: "secret-disabled" | "secret-expired" | "secret-not-yet-valid" | "secret-deleted";

  constructor(reason: SecretStateError["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Something answered, but not as Key Vault does. It replaces the SDK's error, which is a TypeError without the
 * status, or quotes the body, which may hold the value.
 */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`The answer with status ${status} is not one of Key Vault's.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
