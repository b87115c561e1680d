import type { Failure } from "@keyward/core";
import { failure, type Reason } from "./failures.ts";
import { isRestError } from "./rest-error.ts";
import { entraCode, type Observation } from "./sign-in-scope.ts";

/**
 * Getting a token failed. It replaces the SDK's error, which does not say whether the endpoint was down or the tenant
 * unknown, and holds none of it: those errors may carry requests with credentials.
 */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`Signing in failed: ${failure.reason}.`);
    this.failure = failure;
  }
}

/** The parts of identity's errors, and of the MSAL errors inside them, that say what happened. */
interface IdentityError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly errorCode?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const identityErrors: readonly unknown[] = [
  "AuthenticationRequiredError",
  "AuthenticationError",
  "CredentialUnavailableError",
  "AggregateAuthenticationError",
];

export function isIdentityError(error: unknown): error is IdentityError {
  return (
    typeof error === "object" && error !== null && identityErrors.includes((error as IdentityError).name)
  );
}

/** What a credential's error means. `observed` tells apart what the error alone does not. */
export function classifySignIn(thrown: unknown, observed: Observation = {}): Failure {
  if (!isIdentityError(thrown)) {
    const unanswered = isRestError(thrown) && thrown.statusCode === undefined;
    return failure(unanswered ? "sign-in-unreachable" : "credential-failed");
  }
  const error: IdentityError = thrown;
  if (Array.isArray(error.errors)) return classifyChain(error.errors);
  const cause = (typeof error.cause === "object" && error.cause !== null ? error.cause : {}) as IdentityError;
  const message = typeof error.message === "string" ? error.message : "";
  const reason = reasonOf({
    message,
    errorCode: String(cause.errorCode ?? /\b([a-z]+(?:_[a-z]+)+):/.exec(message)?.[1] ?? ""),
    status: observed.status ?? (typeof cause.status === "number" ? cause.status : undefined),
    entraCode: observed.entraCode ?? entraCode(message),
    unanswered: observed.unanswered ?? false,
  });
  if (reason) return failure(reason, observed.retryAfterMs);
  return failure(error.name === "CredentialUnavailableError" ? "no-credential" : "sign-in-refused");
}

/** The chain tried several: what one of them met is worth more than that the others were not set up. */
function classifyChain(errors: readonly unknown[]): Failure {
  const met = errors.map((error) => classifySignIn(error));
  return met.find(({ reason }) => reason !== "no-credential") ?? failure("no-credential");
}

interface Facts {
  readonly message: string;
  /** OAuth's or MSAL's: `invalid_client`, `network_error`. */
  readonly errorCode: string;
  readonly status: number | undefined;
  readonly entraCode: number | undefined;
  readonly unanswered: boolean;
}

function reasonOf({ message, errorCode, status, entraCode, unanswered }: Facts): Reason | undefined {
  if (unanswered || errorCode === "network_error") return "sign-in-unreachable";
  if (status === 429) return "sign-in-throttled";
  if (status !== undefined && status >= 500) return "sign-in-unavailable";
  if (entraCode === 7000215 || entraCode === 7000222) return "client-secret-refused";
  if (entraCode === 700016) return "client-unknown";
  if (entraCode === 90002 || entraCode === 900023) return "wrong-tenant";
  if (message.includes("not configured to acquire tokens for tenant")) return "wrong-tenant";
  if (status !== undefined && status < 400) return "sign-in-not-entra";
  if (errorCode === "invalid_client") return "client-secret-refused";
  if (errorCode === "endpoints_resolution_error") {
    if (status === undefined) return "sign-in-unreachable";
    // Entra gives every refusal a number.
    return entraCode === undefined ? "sign-in-not-entra" : "wrong-tenant";
  }
  return undefined;
}
