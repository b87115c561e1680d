import { isSecretError, SecretError, type SecretErrorCode } from "./errors.ts";
import type { Failure, FailureKind, SecretProvider } from "./provider.ts";

/** What an attempt ended in, ready to be retried, served around or thrown. */
export interface ClassifiedFailure {
  readonly kind: FailureKind;
  readonly error: SecretError;
}

const nextStep: Record<FailureKind, string> = {
  denied: "Grant the identity the right to read this secret, and check that its credentials are current.",
  unavailable: "Check that the store is up and that this machine reaches it.",
  throttled: "The store limits requests: raise the limit, or the cache's ttlMs.",
  invalid: "Asking again will not help: check the name and the secret in the store.",
  unknown: "Its provider does not recognise the failure; try the same read with the store's own tools.",
};

const kindOfCode: Partial<Record<SecretErrorCode, FailureKind>> = {
  denied: "denied",
  unavailable: "unavailable",
  timeout: "unavailable",
  throttled: "throttled",
  invalid: "invalid",
  invalid_name: "invalid",
};

/** @throws SecretError `misconfigured` for a kind that does not exist. */
export function kindsToContinueOn(
  caller: string,
  kinds: readonly FailureKind[] = [],
): ReadonlySet<FailureKind> {
  for (const kind of kinds) {
    if (Object.hasOwn(nextStep, kind)) continue;
    throw new SecretError({
      code: "misconfigured",
      message: `${caller}: continueOn has "${kind}"; it takes ${Object.keys(nextStep).join(", ")}.`,
    });
  }
  return new Set(kinds);
}

/**
 * Makes of anything thrown by a provider an error that is safe to show. Of the thrown thing itself nothing is
 * copied but what `classify` says, and of a SecretError its safe fields: SDK errors hold tokens and ciphertexts.
 */
export function classifyFailure(
  provider: SecretProvider,
  key: string | undefined,
  thrown: unknown,
): ClassifiedFailure {
  if (isSecretError(thrown)) {
    return {
      kind: kindOfCode[thrown.code] ?? "unknown",
      error: copyOf(thrown, provider, key),
    };
  }
  const failure = ask(provider, thrown);
  const subject = key === undefined ? "listing the secrets" : `reading "${key}"`;
  const what = failure.kind === "unknown" ? "failed" : `failed (${failure.kind})`;
  return {
    kind: failure.kind,
    error: new SecretError({
      code: failure.kind,
      key,
      provider: provider.name,
      reason: failure.reason,
      retryAfterMs: failure.retryAfterMs,
      message: `${provider.name}: ${subject} ${what}. ${failure.remedy ?? nextStep[failure.kind]}`,
    }),
  };
}

export function timeoutFailure(
  provider: SecretProvider,
  key: string | undefined,
  deadlineMs: number,
): ClassifiedFailure {
  return {
    kind: "unavailable",
    error: new SecretError({
      code: "timeout",
      key,
      provider: provider.name,
      message: `${provider.name}: ${key === undefined ? "listing the secrets" : `reading "${key}"`} did not end within ${deadlineMs} ms. ${nextStep.unavailable}`,
    }),
  };
}

function ask(provider: SecretProvider, thrown: unknown): Failure {
  try {
    const answer = provider.classify?.(thrown) ?? "unknown";
    const failure = typeof answer === "string" ? { kind: answer } : answer;
    return Object.hasOwn(nextStep, failure.kind) ? failure : { kind: "unknown" };
  } catch {
    return { kind: "unknown" }; // a classify that throws has not recognised the failure
  }
}

function copyOf(error: SecretError, provider: SecretProvider, key: string | undefined): SecretError {
  const { code, reason, retryAfterMs, problems } = error;
  const message = error.provider === undefined ? `${provider.name}: ${error.message}` : error.message;
  const name = error.provider ?? provider.name;
  return new SecretError({
    code,
    message,
    provider: name,
    reason,
    retryAfterMs,
    problems,
    key: key ?? error.key,
  });
}
