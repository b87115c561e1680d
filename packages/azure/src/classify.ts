import type { Failure } from "@keyward/core";
import { failure, type Reason } from "./failures.ts";
import { SecretStateError, UnexpectedAnswerError } from "./read-errors.ts";
import { innerCode, isRestError, type RestError } from "./rest-error.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { InvalidNameError } from "./secret-name.ts";
import { classifySignIn, isIdentityError, SignInError } from "./sign-in-error.ts";

/** What an error thrown by a read means. `undefined` for what is not known here. */
export function classify(error: unknown): Failure | undefined {
  if (error instanceof SignInError) return error.failure;
  if (error instanceof SecretStateError) return failure(error.reason);
  if (error instanceof InvalidNameError) return failure("name-invalid");
  if (error instanceof UnexpectedAnswerError) {
    return failure(reasonOfStatus(error.status) ?? "not-key-vault", error.retryAfterMs);
  }
  if (isRestError(error)) return classifyRestError(error);
  // From a client that was handed in, whose credential is its own.
  if (isIdentityError(error)) return classifySignIn(error);
  return error instanceof Error ? classifyMessage(error.message) : undefined;
}

/** For what the SDK throws as a plain Error. */
function classifyMessage(message: string): Failure | undefined {
  if (message.startsWith("The challenge ")) return failure("challenge-mismatch");
  if (message.startsWith("Invalid value for AZURE_TOKEN_CREDENTIALS")) return failure("chain-misconfigured");
  return undefined;
}

function classifyRestError(error: RestError): Failure {
  const { statusCode, code } = error;
  if (statusCode === undefined) return failure(reasonOfSystemCode(code ?? ""));
  const general = reasonOfStatus(statusCode);
  if (general) return failure(general, parseRetryAfter(error.response?.headers.get("retry-after")));
  if (!code) return failure("not-key-vault");
  if (statusCode === 401) {
    return failure(error.message.startsWith("AKV10032") ? "wrong-tenant" : "token-refused");
  }
  if (statusCode === 403) return failure(forbidden[innerCode(error) ?? ""] ?? "forbidden");
  return failure(statusCode === 400 ? "bad-request" : "not-key-vault");
}

function reasonOfStatus(status: number): Reason | undefined {
  if (status === 429) return "vault-throttled";
  return status === 408 || status >= 500 ? "vault-unavailable" : undefined;
}

const forbidden: Readonly<Record<string, Reason>> = {
  SecretDisabled: "secret-disabled",
  SecretExpired: "secret-expired",
  SecretNotYetValid: "secret-not-yet-valid",
  AccessDenied: "role-missing",
  ForbiddenByPolicy: "role-missing",
  ForbiddenByRbac: "role-missing",
  ForbiddenByFirewall: "firewall",
  ForbiddenByConnection: "firewall",
};

function reasonOfSystemCode(code: string): Reason {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "vault-name-unresolved";
  if (code === "ECONNREFUSED") return "vault-refused";
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) return "vault-certificate";
  return "vault-unreachable";
}
