import { type Span, scanObject } from "./json-scan.ts";
import type { RequestHead } from "./request-head.ts";

const asking = Buffer.from('"stream_options":{"include_usage":true},');

/** A request for a stream, and whether its caller will see the usage that the upstream is asked for. */
export interface AskedForUsage {
  readonly head: RequestHead;
  /** Whether whoever made the request asked for it as well. */
  readonly asked: boolean;
}

/** Asks the upstream to say at the end of a stream what it has counted: `stream_options.include_usage`. */
export function askForUsage(head: RequestHead): AskedForUsage {
  const { bytes } = head;
  let options: Span | undefined;
  scanObject(bytes, (key, value) => {
    if (bytes.toString("latin1", key.start, key.end) === "stream_options") options = value;
  });
  if (options === undefined) {
    const start = bytes.indexOf("{") + 1;
    return { asked: false, head: replaced(head, { start, end: start }, asking) };
  }
  const written: unknown = parse(bytes.subarray(options.start, options.end));
  const known = typeof written === "object" && written !== null ? written : {};
  if ("include_usage" in known && known.include_usage === true) return { asked: true, head };
  const both = Buffer.from(JSON.stringify({ ...known, include_usage: true }));
  return { asked: false, head: replaced(head, options, both) };
}

function replaced(head: RequestHead, { start, end }: Span, by: Buffer): RequestHead {
  const { bytes, modelSpan } = head;
  const shift = modelSpan.start >= end ? by.length - (end - start) : 0;
  return {
    ...head,
    bytes: Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]),
    modelSpan: { start: modelSpan.start + shift, end: modelSpan.end + shift },
  };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // A long body is not parsed before it gets here; what is wrong with it the upstream says, of a part of it as well.
    return undefined;
  }
}
