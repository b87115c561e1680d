import { AsyncLocalStorage } from "node:async_hooks";
import type { PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { parseRetryAfter } from "./retry-after.ts";

/** What the last request of a sign-in came to. Identity's own errors leave most of it out. */
export interface Observation {
  readonly status?: number;
  /** Entra's number for what is wrong: 7000215 is a wrong client secret. */
  readonly entraCode?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** No answer came at all. */
  readonly unanswered?: true;
}

export interface SignInScope {
  readonly signal: AbortSignal;
  observed?: Observation;
}

/** The sign-in that the code running now belongs to, if any. */
export const signInScope = new AsyncLocalStorage<SignInScope>();

/**
 * Sends a request so that it ends with its sign-in, which identity does not see to, and notes how it ended, which
 * identity's errors do not say.
 */
export async function sendWithin(
  scope: SignInScope,
  request: PipelineRequest,
  send: (request: PipelineRequest) => Promise<PipelineResponse>,
): Promise<PipelineResponse> {
  request.abortSignal = scope.signal;
  try {
    const response = await send(request);
    scope.observed = {
      status: response.status,
      entraCode: response.status < 400 ? undefined : entraCode(response.bodyAsText),
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after")),
    };
    return response;
  } catch (error) {
    scope.observed = { unanswered: true };
    throw error;
  }
}

/** The number in `AADSTS7000215: ...`. */
export function entraCode(text: string | null | undefined): number | undefined {
  const digits = /AADSTS(\d+)/.exec(text ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}
