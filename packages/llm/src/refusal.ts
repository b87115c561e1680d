import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { LlmError } from "./errors.ts";
import type { FlatHeaders } from "./headers.ts";
import type { Operation } from "./operation.ts";
import type { DeploymentIdentity } from "./transport.ts";

/** An answer that is an error, gathered whole. */
export interface Refusal {
  readonly operation: Operation;
  readonly status: number;
  readonly headers: FlatHeaders;
  readonly body: Buffer;
}

/** More than any provider's error, and little enough to hold. */
export const refusalLimit = 256 * 1024;

const limit = { maxOutputLength: refusalLimit };
const decoders: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: (body) => promisify(gunzip)(body, limit),
  deflate: (body) => promisify(inflate)(body, limit),
  br: (body) => promisify(brotliDecompress)(body, limit),
  zstd: (body) => promisify(zstdDecompress)(body, limit),
};

/** Whether an answer is a page for people: what a wrong `api_base` or a gateway on the way gives. */
export function isHtml(headers: FlatHeaders): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(header(headers, "content-type"));
}

/**
 * Makes of an upstream's error what the caller gets: its JSON as it is, but for keys, which some providers repeat
 * in their errors. Anything else is put into the shape of OpenAI's errors, or Anthropic's.
 */
export async function passOn(
  refusal: Refusal,
  upstream: DeploymentIdentity,
  redact: (text: string) => string,
): Promise<Refusal> {
  const text = redact(await decode(refusal));
  const headers = without(refusal.headers, ["content-length", "content-encoding", "content-type"]);
  const { status, operation } = refusal;
  if (status >= 400 && isJson(text))
    return { operation, status, headers: asJson(headers), body: Buffer.from(text) };
  const error = describe(refusal, upstream, text);
  return {
    operation,
    status: error.status,
    headers: asJson(headers),
    body: Buffer.from(JSON.stringify(error.toBody(refusal.operation))),
  };
}

function describe(refusal: Refusal, upstream: DeploymentIdentity, text: string): LlmError {
  const { status, headers } = refusal;
  const { provider, model, origin, secret } = upstream;
  const who = `The upstream of model "${model}" (${provider}, ${origin})`;
  const context = { provider, model, secret };
  if (status < 400 && !isHtml(headers)) {
    const message = `${who} answered with a redirect (status ${status}), which is not followed: check api_base`;
    return new LlmError({ code: "upstream_invalid", message, ...context });
  }
  if (isHtml(headers)) {
    const message = `${who} answered with an HTML page (status ${status}) where JSON belongs: check api_base`;
    // A page that says 404 is about the URL in the configuration, not about anything the caller did.
    const kept = status === 429 || status >= 500 ? status : undefined;
    return new LlmError({
      code: "upstream_invalid",
      message,
      status: kept,
      ...context,
    });
  }
  const message = `${who} answered with status ${status}: ${text.slice(0, 500)}`;
  return new LlmError({
    code: "upstream_refused",
    message,
    status,
    ...context,
  });
}

async function decode({ headers, body }: Refusal): Promise<string> {
  const decoder = decoders[header(headers, "content-encoding").toLowerCase()];
  if (decoder === undefined) return body.toString();
  try {
    return (await decoder(body)).toString();
  } catch {
    // Cut at the limit, or not what its header says: there is no text that could be shown.
    return "";
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    // The very question.
    return false;
  }
}

function header(headers: FlatHeaders, name: string): string {
  const at = headers.indexOf(name);
  return at === -1 ? "" : (headers[at + 1] ?? "");
}

function without(headers: FlatHeaders, names: readonly string[]): FlatHeaders {
  return headers.filter((_, index) => !names.includes(headers[index - (index % 2)] ?? ""));
}

function asJson(headers: FlatHeaders): FlatHeaders {
  return [...headers, "content-type", "application/json"];
}
