import { LlmError } from "./errors.ts";
import { JsonScanError, type Span, scanObject } from "./json-scan.ts";

/** What must be known of a request; the rest of its bytes are the upstream's business. */
export interface RequestHead {
  readonly bytes: Buffer;
  readonly model: string;
  readonly stream: boolean;
  /** Where the model's name stands in the bytes, with its quotes. */
  readonly modelSpan: Span;
}

/** Bodies below this size are parsed in full, so that a mistake in them is told before an upstream is asked. */
const parsedBelow = 64 * 1024;

/**
 * Reads model and stream from the bytes of a request.
 * @throws LlmError `invalid_request`
 */
export function readRequestHead(bytes: Buffer): RequestHead {
  let modelSpan: Span | undefined;
  let streamSpan: Span | undefined;
  try {
    if (bytes.length < parsedBelow) JSON.parse(bytes.toString());
    scanObject(bytes, (key, value) => {
      if (isKey(bytes, key, "model")) modelSpan = once(modelSpan, value, "model");
      else if (isKey(bytes, key, "stream")) streamSpan = once(streamSpan, value, "stream");
    });
  } catch (error) {
    throw notJson(error);
  }
  if (modelSpan === undefined) throw invalid('"model" is missing: name one of GET /v1/models', "model");
  const model = valueAt(bytes, modelSpan, "model");
  if (typeof model !== "string") throw invalid('"model" must be a string', "model");
  const stream = streamSpan === undefined ? false : (valueAt(bytes, streamSpan, "stream") ?? false);
  if (typeof stream !== "boolean") throw invalid('"stream" must be true or false', "stream");
  return { bytes, model, stream, modelSpan };
}

/** The same bytes with another model's name in them. */
export function withModel(head: RequestHead, modelJson: Buffer): Buffer {
  const { bytes, modelSpan } = head;
  const { start, end } = modelSpan;
  if (modelJson.length === end - start && modelJson.compare(bytes, start, end) === 0) return bytes;
  return Buffer.concat([bytes.subarray(0, start), modelJson, bytes.subarray(end)]);
}

function isKey(bytes: Buffer, key: Span, name: string): boolean {
  return key.end - key.start === name.length && bytes.toString("latin1", key.start, key.end) === name;
}

function once(before: Span | undefined, value: Span, key: string): Span {
  if (before !== undefined) throw invalid(`"${key}" is there twice`, key);
  return value;
}

function valueAt(bytes: Buffer, span: Span, key: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8", span.start, span.end));
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

function invalid(message: string, param?: string): LlmError {
  return new LlmError({ code: "invalid_request", message, param });
}
