import { LlmError } from "./errors.ts";
import { FormScanError, formBoundary, scanForm } from "./form-scan.ts";
import { JsonScanError, type Span, scanObject } from "./json-scan.ts";

/** What must be known of a request; the rest of its bytes are the upstream's business. */
export interface RequestHead {
  readonly bytes: Buffer;
  readonly model: string;
  readonly stream: boolean;
  readonly format: "json" | "form";
  /** Where the model's name stands in the bytes, in JSON with its quotes; empty where it is to be put. */
  readonly modelSpan: Span;
  /** What must stand before and after the name, in a body that does not have it. */
  readonly around?: readonly [before: string, after: string];
}

export interface RequestHeadOptions {
  /** The request's `content-type`. A `multipart/form-data` is read as a form, everything else as JSON. */
  readonly contentType?: string | undefined;
  /** The model, where the URL names it. It goes before the body's own, which may then be missing. */
  readonly model?: string | undefined;
}

/** A model's name, encoded for every format. */
export interface EncodedModel {
  readonly json: Buffer;
  readonly form: Buffer;
}

interface Found {
  model?: Span;
  stream?: Span;
}

/**
 * Bodies below this size are parsed in full, so that a mistake in them is told before an upstream is asked. They are
 * read as Latin-1: beyond ASCII, JSON takes any character inside a string and none outside, so the verdict is the
 * same, and text that is not ASCII stays one byte wide.
 */
const parsedBelow = 64 * 1024;

/**
 * Reads model and stream from the bytes of a request.
 * @throws LlmError `invalid_request`
 */
export function readRequestHead(bytes: Buffer, options: RequestHeadOptions = {}): RequestHead {
  try {
    const boundary = formBoundary(options.contentType);
    return boundary === undefined ? readJson(bytes, options) : readForm(bytes, boundary, options);
  } catch (error) {
    if (!(error instanceof FormScanError)) throw error;
    throw invalid("The body is not the form that its content type says, or its end is missing");
  }
}

/** The same bytes with another model's name in them. */
export function withModel(head: RequestHead, model: EncodedModel): Buffer {
  const { bytes, modelSpan, around } = head;
  const { start, end } = modelSpan;
  const name = model[head.format];
  if (around === undefined && name.length === end - start && name.compare(bytes, start, end) === 0)
    return bytes;
  const [before, after] = around ?? ["", ""];
  return Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from(before),
    name,
    Buffer.from(after),
    bytes.subarray(end),
  ]);
}

export function encodeModel(model: string): EncodedModel {
  return { json: Buffer.from(JSON.stringify(model)), form: Buffer.from(model) };
}

function readJson(bytes: Buffer, options: RequestHeadOptions): RequestHead {
  const found: Found = {};
  let members = 0;
  try {
    if (bytes.length < parsedBelow) JSON.parse(bytes.toString("latin1"));
    scanObject(bytes, (key, value) => {
      members++;
      if (isKey(bytes, key, "model")) keepOnce(found, "model", value);
      else if (isKey(bytes, key, "stream")) keepOnce(found, "stream", value);
    });
  } catch (error) {
    throw notJson(error);
  }
  const stream = found.stream === undefined ? false : (valueAt(bytes, found.stream, "stream") ?? false);
  if (typeof stream !== "boolean") throw invalid('"stream" must be true or false', "stream");
  if (found.model === undefined) {
    if (options.model === undefined) throw modelMissing();
    const start = bytes.indexOf("{") + 1;
    const around = ['"model":', members === 0 ? "" : ","] as const;
    return { bytes, model: options.model, stream, format: "json", modelSpan: { start, end: start }, around };
  }
  const model = options.model ?? valueAt(bytes, found.model, "model");
  if (typeof model !== "string") throw invalid('"model" must be a string', "model");
  return { bytes, model, stream, format: "json", modelSpan: found.model };
}

function readForm(bytes: Buffer, boundary: string, options: RequestHeadOptions): RequestHead {
  const found: Found = {};
  scanForm(bytes, boundary, (name, value) => {
    if (name === "model" || name === "stream") keepOnce(found, name, value);
  });
  const stream = found.stream !== undefined && textAt(bytes, found.stream) === "true";
  if (found.model === undefined) {
    if (options.model === undefined) throw modelMissing();
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n`;
    const start = { start: 0, end: 0 };
    return {
      bytes,
      model: options.model,
      stream,
      format: "form",
      modelSpan: start,
      around: [part, "\r\n"],
    };
  }
  const model = options.model ?? textAt(bytes, found.model);
  return { bytes, model, stream, format: "form", modelSpan: found.model };
}

function isKey(bytes: Buffer, key: Span, name: string): boolean {
  return key.end - key.start === name.length && bytes.toString("latin1", key.start, key.end) === name;
}

function keepOnce(found: Found, key: keyof Found, value: Span): void {
  if (found[key] !== undefined) throw invalid(`"${key}" is there twice`, key);
  found[key] = value;
}

function textAt(bytes: Buffer, { start, end }: Span): string {
  return bytes.toString("utf8", start, end);
}

function valueAt(bytes: Buffer, span: Span, key: string): unknown {
  try {
    return JSON.parse(textAt(bytes, span));
  } catch {
    // What JSON.parse says quotes the text, which is the caller's and none of the log's business.
    throw invalid(`"${key}" is not valid JSON`, key);
  }
}

function notJson(error: unknown): LlmError {
  if (error instanceof LlmError) return error;
  if (error instanceof JsonScanError) {
    return invalid(`The body is not a JSON object: expected ${error.message} at byte ${error.offset}`);
  }
  return invalid("The body is not valid JSON");
}

function modelMissing(): LlmError {
  return invalid('"model" is missing: name one of GET /v1/models', "model");
}

function invalid(message: string, param?: string): LlmError {
  return new LlmError({ code: "invalid_request", message, param });
}
