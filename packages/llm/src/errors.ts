import type { Operation } from "./operation.ts";

const brand: unique symbol = Symbol.for("keyward.LlmError");

/** Every code that an engine's {@link LlmError} can have, with the HTTP status and OpenAI's error type that stand for it. */
export const llmErrors = {
  invalid_request: { status: 400, type: "invalid_request_error" },
  model_not_found: { status: 404, type: "invalid_request_error" },
  operation_not_supported: { status: 400, type: "invalid_request_error" },
  no_deployment_available: { status: 429, type: "rate_limit_error" },
  key_unavailable: { status: 503, type: "api_error" },
  key_invalid: { status: 500, type: "api_error" },
  upstream_unreachable: { status: 502, type: "api_connection_error" },
  upstream_timeout: { status: 504, type: "api_connection_error" },
  upstream_invalid: { status: 502, type: "api_error" },
  upstream_interrupted: { status: 502, type: "api_error" },
  upstream_refused: { status: 502, type: "api_error" },
} as const satisfies Record<string, { status: number; type: string }>;

/** The codes that only an `Llm` gives: its callers end calls, and close it. */
export const callErrors = {
  aborted: { status: 499, type: "api_connection_error" },
  closed: { status: 503, type: "api_error" },
} as const satisfies Record<string, { status: number; type: string }>;

const codes = { ...llmErrors, ...callErrors };

export type LlmErrorCode = keyof typeof codes;

export interface LlmErrorOptions {
  readonly code: LlmErrorCode;
  readonly message: string;
  /** Instead of the code's own status: an upstream's, passed on. */
  readonly status?: number | undefined;
  readonly param?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly secret?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly upstreamCode?: string | undefined;
}

/** The error of this package. No field of it holds a key, so it can be logged whole; there is no `cause`. */
export class LlmError extends Error {
  declare readonly [brand]: true;
  readonly code: LlmErrorCode;
  /** The HTTP status that stands for it. */
  readonly status: number;
  /** The field of the request that is at fault. */
  readonly param: string | undefined;
  /** The provider's prefix: `azure`. */
  readonly provider: string | undefined;
  /** The model as the caller named it. */
  readonly model: string | undefined;
  /** The name, never the value, of the secret that holds the key. */
  readonly secret: string | undefined;
  /** How long to wait before asking again, in milliseconds, where that is known. */
  readonly retryAfterMs: number | undefined;
  /** What the upstream itself calls its error: `insufficient_quota`. */
  readonly upstreamCode: string | undefined;

  constructor(options: LlmErrorOptions) {
    super(options.message);
    this.code = options.code;
    this.status = options.status ?? codes[options.code].status;
    this.param = options.param;
    this.provider = options.provider;
    this.model = options.model;
    this.secret = options.secret;
    this.retryAfterMs = options.retryAfterMs;
    this.upstreamCode = options.upstreamCode;
  }

  /**
   * The body that OpenAI would answer, so that its SDKs raise their own typed errors; for `/messages`, the one that
   * Anthropic would.
   */
  toBody(operation?: Operation): OpenAiError | AnthropicError {
    const { code, message, param, status } = this;
    if (operation === "/messages") {
      return { type: "error", error: { type: anthropicTypes[status] ?? "api_error", message } };
    }
    return {
      error: {
        message,
        type: codes[code].type,
        param: param ?? null,
        code,
      },
    };
  }
}

Object.defineProperty(LlmError.prototype, "name", {
  value: "LlmError",
  writable: true,
  configurable: true,
});
Object.defineProperty(LlmError.prototype, brand, { value: true });

/** Whether something thrown is an {@link LlmError}, by brand rather than by `instanceof`. */
export function isLlmError(error: unknown): error is LlmError {
  return typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** Anthropic's error body. */
export interface AnthropicError {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string };
}

/** OpenAI's error body. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}
