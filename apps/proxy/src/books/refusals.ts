import type { ApiError } from "../server/answers.ts";

/** What is wrong with a request that brings a virtual key, or that is about them. */
export const booksErrors = {
  invalid_key_request: 400,
  key_expired: 401,
  key_blocked: 401,
  model_not_allowed: 403,
  master_key_required: 403,
  key_not_found: 404,
  key_alias_taken: 409,
  budget_exceeded: 429,
  rate_limit_exceeded: 429,
  database_unavailable: 503,
} as const;

export type BooksErrorCode = keyof typeof booksErrors;

const types: Readonly<Partial<Record<BooksErrorCode, string>>> = {
  budget_exceeded: "insufficient_quota",
  rate_limit_exceeded: "rate_limit_exceeded",
  database_unavailable: "api_error",
};

/** In OpenAI's shape. Its message holds no key and no hash of one. */
export function refusal(
  code: BooksErrorCode,
  message: string,
  options: { readonly param?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): ApiError {
  const { param = null, headers = {} } = options;
  const type = types[code] ?? "invalid_request_error";
  return { status: booksErrors[code], body: { error: { message, type, param, code } }, headers };
}

/** Seconds, as the header wants them: at least one. */
export function retryAfter(milliseconds: number): Readonly<Record<string, string>> {
  return { "retry-after": String(Math.max(1, Math.ceil(milliseconds / 1000))) };
}

export const databaseUnavailable = refusal(
  "database_unavailable",
  "The database that knows this key cannot be asked at the moment: try again",
  { headers: retryAfter(1000) },
);

export function isRefusal(value: object): value is ApiError {
  return "status" in value && "body" in value;
}
