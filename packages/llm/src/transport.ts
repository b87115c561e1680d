import type { LlmError } from "./errors.ts";
import type { FlatHeaders } from "./headers.ts";
import type { Operation } from "./operation.ts";
import type { RequestHead } from "./request-head.ts";

/** One question to one deployment. */
export interface Call {
  readonly operation: Operation;
  readonly head: RequestHead;
  /** Headers for the upstream, from `pickRequestHeaders`. Owned by the transport from here on. */
  readonly headers: FlatHeaders;
}

/** Whoever asked. Either `end` or `fail` is called, once and last, unless the exchange was cancelled. */
export interface Receiver {
  /** Status and headers of the answer. Called once, before any data; not at all when it fails before that. */
  start(status: number, headers: FlatHeaders): void;
  /** Bytes of the answer, unchanged. `false` asks for a pause; `Exchange.resume` ends it. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** There is no answer, or after `start` no end of it. */
  fail(error: LlmError): void;
}

/** A call under way. */
export interface Exchange {
  /** Ends the pause that `Receiver.data` asked for. */
  resume(): void;
  /** The caller is gone: ends the upstream's work. The receiver hears nothing more. Idempotent. */
  cancel(): void;
}

/** What stands behind a deployment: an upstream, or a mock. */
export interface Transport {
  /** Never throws, and calls the receiver only after it has returned. */
  send(call: Call, receiver: Receiver): Exchange;
}
