import {
  type Failure,
  type FailureKind,
  isSecretError,
  type SecretErrorCode,
  type SecretProvider,
} from "@keyward/core";

const kindOfCode: Partial<Record<SecretErrorCode, FailureKind>> = {
  denied: "denied",
  unavailable: "unavailable",
  timeout: "unavailable",
  throttled: "throttled",
  invalid: "invalid",
  invalid_name: "invalid",
};

/** What core makes of a thrown thing: a SecretError says itself what it is, of all else `classify` does. */
export function failureOf(provider: SecretProvider, thrown: unknown): Failure {
  if (isSecretError(thrown)) {
    const { code, retryAfterMs } = thrown;
    const kind = kindOfCode[code] ?? "unknown";
    return retryAfterMs === undefined ? { kind } : { kind, retryAfterMs };
  }
  const answer = provider.classify?.(thrown) ?? "unknown";
  return typeof answer === "string" ? { kind: answer } : answer;
}
