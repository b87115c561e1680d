import { InfisicalFailure } from "./failures.ts";
import { absent, NoSuchSecret, reasonFor, reasonForNetwork } from "./reason.ts";

/** One request as the SDK hands it to its transport. */
export interface TransportConfig {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TransportOptions {
  readonly siteUrl: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

type Request = (method: string, path: string, body?: string, config?: TransportConfig) => Promise<unknown>;

/**
 * One attempt at one request, ended by `signal` wherever it is: in the queue, before the headers, within the body.
 * Rejects with the signal's reason, or with an error that says what the answer means and repeats nothing of it.
 */
export function transport({ siteUrl, token, signal }: TransportOptions): Request {
  return async (method, path, body, config = {}) => {
    const url = new URL(`${siteUrl}${path}`);
    for (const [name, value] of Object.entries(config.params ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.append(name, String(value));
    }
    const headers = new Headers(config.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    const answer = await fetchText(url, {
      method,
      headers,
      body: body ?? null,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) {
      const operation = path.endsWith("/universal-auth/login") ? "login" : "read";
      const reason = reasonFor({
        status: answer.status,
        text: messageIn(answer.text),
        operation,
      });
      throw reason === absent ? new NoSuchSecret() : new InfisicalFailure(reason, answer.retryAfterMs);
    }
    const parsed = parse(answer.text);
    if (typeof parsed !== "object" || parsed === null) throw new InfisicalFailure("unreadable-answer");
    return parsed;
  };
}

async function fetchText(url: URL, init: RequestInit & { readonly signal: AbortSignal }) {
  try {
    // A redirect would repeat the client secret to whatever address the answer names.
    const response = await fetch(url, { ...init, redirect: "manual" });
    const text = await response.text();
    const retryAfterMs = retryAfter(response.headers.get("retry-after"));
    return { status: response.status, text, retryAfterMs };
  } catch (error) {
    init.signal.throwIfAborted();
    throw new InfisicalFailure(reasonForNetwork(error));
  }
}

/** RFC 9110: seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

function messageIn(text: string): string {
  const body = parse(text);
  if (typeof body !== "object" || body === null || !("message" in body)) return "";
  return typeof body.message === "string" ? body.message : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: an HTML page, most often. What that means depends on the status, so the caller says it.
    return undefined;
  }
}
