/** The SDK's error for a request that failed: recognised by name, so that the SDK need not be loaded to classify. */
export interface RestError extends Error {
  /** Key Vault's code (`SecretNotFound`) or, without an answer, the system's (`ECONNREFUSED`). */
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: unknown;
  readonly request?: { readonly headers: { delete(name: string): void }; agent?: unknown };
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

export function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === "RestError";
}

/** `SecretDisabled`, `ForbiddenByFirewall` and the like: the inner code of Key Vault's error body. */
export function innerCode(error: RestError): string | undefined {
  const code =
    dig(error.details, "error", "innerError", "code") ?? dig(error.details, "error", "innererror", "code");
  return typeof code === "string" ? code : undefined;
}

function dig(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}
