import type { Failure } from "@keyward/core";
import { failureFor, InfisicalFailure, type Reason } from "./failures.ts";
import { absent, NoSuchSecret, type Refusal, reasonFor } from "./reason.ts";

/** The parts of an SDK error that say something: neither of its classes is exported, nor has a field of its own. */
const requestError = /^\[URL=(.*?)\] \[Method=[A-Z]+\] \[StatusCode=(\d{3})\] ([\s\S]*)$/;
const bareStatus = /^Request failed with status (\d{3})$/;
/** What `fetch` says when there was no answer, when the SDK's own ten seconds were over, and when a body broke off. */
const noAnswer = /^(fetch failed|This operation was aborted|terminated)$/;
const tryAgain = /\btry again in (\d+) seconds?/i;

/** What an error means, whether made here or by the SDK. `undefined` for an error of neither. */
export function understand(
  error: unknown,
): { reason: Reason | typeof absent; retryAfterMs?: number } | undefined {
  if (error instanceof InfisicalFailure) {
    const { reason, retryAfterMs } = error;
    return { reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (error instanceof NoSuchSecret) return { reason: absent };
  if (!(error instanceof Error)) return undefined;
  if (error.name !== "InfisicalSDKRequestError" && error.name !== "InfisicalSDKError") return undefined;
  if (noAnswer.test(error.message)) return { reason: "unreachable" };
  const refusal = refusalIn(error.message);
  if (refusal === undefined) return undefined;
  const seconds = tryAgain.exec(refusal.text)?.[1];
  return {
    reason: reasonFor(refusal),
    ...(refusal.status === 429 && seconds !== undefined ? { retryAfterMs: Number(seconds) * 1000 } : {}),
  };
}

function refusalIn(message: string): Refusal | undefined {
  const [, url = "", status, text = ""] = requestError.exec(message) ?? [];
  if (status !== undefined) {
    const operation = url.endsWith("/universal-auth/login") ? "login" : "read";
    return { status: Number(status), text, operation };
  }
  const bare = bareStatus.exec(message)?.[1];
  return bare === undefined ? undefined : { status: Number(bare), text: "", operation: "read" };
}

export function classify(error: unknown): Failure | undefined {
  const meaning = understand(error);
  if (meaning === undefined || meaning.reason === absent) return undefined;
  return failureFor(meaning.reason, meaning.retryAfterMs);
}
