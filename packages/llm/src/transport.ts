import type { LlmError } from "./errors.ts";
import type { Fault } from "./fault.ts";
import type { FlatHeaders } from "./headers.ts";
import type { Operation } from "./operation.ts";
import type { RequestHead } from "./request-head.ts";

/** One question to one deployment. */
export interface Call {
  readonly operation: Operation;
  readonly head: RequestHead;
  /** Headers for the upstream, from `pickRequestHeaders`. */
  readonly headers: FlatHeaders;
}

/** Which deployment is spoken of. Holds no key. */
export interface DeploymentIdentity {
  /** The provider's prefix: `azure`. */
  readonly provider: string;
  /** The model under the name that the configuration gives it. */
  readonly model: string;
  /** What tells it from the model's other deployments: its model string, `azure/my-deployment`. */
  readonly deployment: string;
  /** `https://api.openai.com`; empty for a mock. */
  readonly origin: string;
  /** The name of the secret that holds the key. */
  readonly secret: string | undefined;
}

/** Whoever asked. Either `end` or `fail` is called, once and last, unless the exchange was cancelled. */
export interface Receiver {
  /**
   * Status and headers of the answer, and whose it is. Called once, before any data; not at all when it fails before
   * that.
   */
  start(status: number, headers: FlatHeaders, from: DeploymentIdentity): void;
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

/** Asked about a fault before the receiver hears of it. */
export interface Recovery {
  /** `true`: somebody else answers, and this transport says nothing more to the receiver. */
  takesOver(fault: Fault): boolean;
}

/** What stands behind a deployment: an upstream, or a mock. */
export interface Transport {
  /** Never throws, and calls the receiver only after it has returned. */
  send(call: Call, receiver: Receiver, recovery: Recovery): Exchange;
}
