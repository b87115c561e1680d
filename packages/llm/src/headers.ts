import type { Dispatcher } from "undici";

type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** Name, value, name, value. */
export type FlatHeaders = string[];

/** What of an upstream's answer the caller may see. Cookies, hop-by-hop headers and the rest stay here. */
const responseHeaders = new Set([
  "content-type",
  "content-encoding",
  "content-length",
  "content-disposition",
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
  "request-id",
  "x-request-id",
  "apim-request-id",
  "x-ms-region",
]);
const responsePrefixes = ["x-ratelimit-", "anthropic-ratelimit-", "openai-"];

/** What of a caller's request an upstream may see. Keys and cookies are not on it, nor who the caller is. */
const requestHeaders = [
  "accept",
  "accept-encoding",
  "anthropic-beta",
  "anthropic-version",
  "idempotency-key",
  "openai-beta",
  "traceparent",
  "tracestate",
  "x-client-request-id",
];

export function pickResponseHeaders(headers: ResponseHeaders): FlatHeaders {
  const picked: FlatHeaders = [];
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === "string" && crosses(name)) picked.push(name, value);
  }
  return picked;
}

function crosses(name: string): boolean {
  return responseHeaders.has(name) || responsePrefixes.some((prefix) => name.startsWith(prefix));
}

/** The headers of a request to an upstream, still without its key. */
export function pickRequestHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): FlatHeaders {
  const type = headers["content-type"];
  // The boundary of a form stands in its content type.
  const isForm = typeof type === "string" && /^multipart\/form-data\s*;/i.test(type);
  const picked: FlatHeaders = ["content-type", isForm ? type : "application/json", "user-agent", "keyward"];
  for (const name of requestHeaders) {
    const value = headers[name];
    if (typeof value === "string") picked.push(name, value);
  }
  return picked;
}
