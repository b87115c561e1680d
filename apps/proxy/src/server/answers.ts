import type { ServerResponse } from "node:http";
import type { OpenAiError } from "@keyward/llm";

/** An error that this server finds itself, in OpenAI's words, so that its SDKs raise their own typed errors. */
export interface ApiError {
  readonly status: number;
  readonly body: OpenAiError;
  readonly headers?: Readonly<Record<string, string>>;
}

export function apiError(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): ApiError {
  const type = status < 500 ? "invalid_request_error" : "api_error";
  const body = { error: { message, type, param: null, code } };
  return { status, body, ...(headers && { headers }) };
}

export const unauthorized = apiError(
  401,
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

export function sendError(response: ServerResponse, error: ApiError): void {
  sendJson(response, error.status, error.body, error.headers);
}
