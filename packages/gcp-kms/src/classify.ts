import type { Failure } from "@keyward/core";
import { toldInWords } from "./credential-failure.ts";
import { failures, GcpKmsError, type GcpKmsFailureReason } from "./failures.ts";

/** What the vendor's errors have, over gRPC and over REST. Of these only the codes and fixed phrases are looked at. */
interface ServiceError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly statusDetails?: unknown;
}

/** Says what an error of this provider or of the vendor's client means; `undefined` for any other. */
export function classify(error: unknown): Failure | undefined {
  const reason = reasonOf(error);
  if (!reason) return undefined;
  const { kind, remedy } = failures[reason];
  const retryAfterMs = kind === "throttled" ? retryDelay(error) : undefined;
  return { kind, reason, remedy, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The row of the error table that an error belongs to. */
export function reasonOf(error: unknown): GcpKmsFailureReason | undefined {
  if (error instanceof GcpKmsError) return error.reason;
  if (typeof error !== "object" || error === null) return undefined;
  const { code, message, reason }: ServiceError = error;
  const text = typeof message === "string" ? message : "";
  const credentials = signInFailure(code, text);
  if (credentials) return credentials;
  if (typeof code === "string") return networkCodes.has(code) ? "unreachable" : undefined;
  if (typeof code !== "number") return undefined;
  if (code === 3) return badRequest(text);
  if (code === 7) return refusal(reason, text);
  if (code === 9) return precondition(text);
  return byCode[code];
}

/** gRPC's status numbers that mean one thing only. */
const byCode: Readonly<Record<number, GcpKmsFailureReason>> = {
  1: "unreachable", // The connection was taken down; our own cancellation does not come by here.
  2: "service-error",
  4: "timeout",
  5: "key-not-found",
  6: "service-error", // Nothing is created here, and no range is asked for: neither can be about the request.
  8: "throttled",
  10: "service-error",
  11: "service-error",
  12: "not-cloud-kms",
  13: "service-error",
  14: "unreachable",
  15: "service-error",
  16: "credentials-refused",
};

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * A failure to sign in, which the client hands on as its words alone: ours, if the client is, and Google's otherwise.
 */
function signInFailure(code: unknown, text: string): GcpKmsFailureReason | undefined {
  for (const reason of signInReasons) if (text.includes(failures[reason].remedy)) return reason;
  const told = toldInWords(text, typeof code === "string");
  if (told) return told;
  if (!text.includes("Getting metadata from plugin failed")) return undefined;
  // Nothing but what says so is the file's fault: that would take the last good value away.
  return oauthRefusal.test(text) ? "credentials-refused" : "token-unavailable";
}

/** A status, where the answer had no words of its own, and otherwise what OAuth (RFC 6749, 8693) and Google call a refusal. */
const oauthRefusal =
  /\b(?:status code 40[013]|(?:unauthorized|restricted)_client|access_denied|invalid_(?:request|scope|target)|unsupported_grant_type)\b/;

const signInReasons = [
  "credentials-missing",
  "credentials-file-missing",
  "credentials-file-invalid",
  "credentials-refused",
  "token-unavailable",
] as const;

function badRequest(text: string): GcpKmsFailureReason {
  if (/checksum in field \w+ did not match/.test(text)) return "request-damaged";
  if (text.includes("the ciphertext is invalid")) return "ciphertext-invalid";
  if (text.includes("verify that 'name' refers to the correct CryptoKey")) return "wrong-key";
  if (text.includes("Decryption failed")) return "decryption-failed";
  return "invalid-request";
}

function refusal(reason: unknown, text: string): GcpKmsFailureReason {
  if (reason === "SERVICE_DISABLED" || text.includes("has not been used in project")) return "api-disabled";
  if (reason === "USER_PROJECT_DENIED") return "quota-project-denied";
  return "permission-denied";
}

function precondition(text: string): GcpKmsFailureReason {
  const state = /current state is: ([A-Z_]+)/.exec(text)?.[1];
  if (state === "DISABLED") return "key-disabled";
  return state === "DESTROYED" || state === "DESTROY_SCHEDULED" ? "key-destroyed" : "key-unusable";
}

/** Milliseconds from `google.rpc.RetryInfo`, where the service sent one. */
function retryDelay(error: unknown): number | undefined {
  const { statusDetails }: ServiceError = Object(error);
  if (!Array.isArray(statusDetails)) return undefined;
  for (const detail of statusDetails) {
    const delay: unknown = detail?.retryDelay;
    if (typeof delay !== "object" || delay === null) continue;
    const { seconds, nanos }: { readonly seconds?: unknown; readonly nanos?: unknown } = delay;
    const milliseconds = Number(seconds ?? 0) * 1000 + Math.ceil(Number(nanos ?? 0) / 1e6);
    if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  }
  return undefined;
}
