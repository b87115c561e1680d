import type { ServerResponse } from "node:http";
import type { LlmError, OpenAiError, Operation } from "@keyward/llm";

/** What this server itself finds wrong, besides what `llmErrors` lists. */
export const apiErrors = {
  invalid_api_key: 401,
  foreign_request: 403,
  unknown_path: 404,
  method_not_allowed: 405,
  request_too_large: 413,
  too_many_requests: 429,
  internal_error: 500,
} as const;

/** An error in OpenAI's words, so that its SDKs raise their own typed errors. */
export interface ApiError {
  readonly status: number;
  readonly body: OpenAiError;
  readonly headers?: Readonly<Record<string, string>>;
}

export function apiError(
  code: keyof typeof apiErrors,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  const status = apiErrors[code];
  const type = status < 500 ? "invalid_request_error" : "api_error";
  return { status, body: { error: { message, type, param: null, code } }, headers };
}

export const unauthorized = apiError(
  "invalid_api_key",
  "The key is missing or wrong: send the proxy's master key as Authorization: Bearer <key>",
  { "www-authenticate": "Bearer" },
);

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** The engine's error, with how long to wait where it knows. */
export function sendLlmError(response: ServerResponse, error: LlmError, operation?: Operation): void {
  const { status, retryAfterMs } = error;
  const headers = retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1000)) };
  sendJson(response, status, error.toBody(operation), headers);
}

/** @param operation what was asked for: the clients of `/messages` expect Anthropic's errors */
export function sendError(response: ServerResponse, error: ApiError, operation?: Operation): void {
  const { status, body, headers } = error;
  sendJson(response, status, operation === "/messages" ? asAnthropic(error) : body, headers);
}

const anthropicTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
};

function asAnthropic({ status, body }: ApiError): object {
  const type = anthropicTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return { type: "error", error: { type, message: body.error.message } };
}
