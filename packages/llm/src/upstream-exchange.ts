import type { Dispatcher } from "undici";
import type { LlmError } from "./errors.ts";
import { type FlatHeaders, pickResponseHeaders } from "./headers.ts";
import type { Operation } from "./operation.ts";
import { isHtml, passOn, refusalLimit } from "./refusal.ts";
import type { Exchange, Receiver } from "./transport.ts";
import { failureBeforeAnswer, failureInAnswer, type UpstreamIdentity } from "./upstream-failure.ts";

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

const callerGone = new Error("the caller has gone");

/**
 * One request at one upstream: hands its bytes to the receiver as they come, waits when the receiver asks for it,
 * and ends the request when the caller has gone, at whatever point that happens.
 */
export class UpstreamExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #upstream: UpstreamIdentity;
  readonly #redact: (text: string) => string;
  readonly #operation: Operation;
  #receiver: Receiver | undefined;
  #controller: Controller | undefined;
  #started = false;
  #refusal: { status: number; headers: FlatHeaders; chunks: Buffer[]; size: number } | undefined;

  constructor(
    upstream: UpstreamIdentity,
    redact: (text: string) => string,
    operation: Operation,
    receiver: Receiver,
  ) {
    this.#upstream = upstream;
    this.#redact = redact;
    this.#operation = operation;
    this.#receiver = receiver;
  }

  get cancelled(): boolean {
    return this.#receiver === undefined;
  }

  resume(): void {
    this.#controller?.resume();
  }

  cancel(): void {
    this.#receiver = undefined;
    this.#controller?.abort(callerGone);
  }

  /** For what goes wrong before a request is made. */
  fail(error: LlmError): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.fail(error);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    // The caller left while the request waited for a connection.
    if (this.cancelled) this.cancel();
  }

  onResponseStart(_: Controller, status: number, headers: Headers): void {
    if (status < 200) return;
    const picked = pickResponseHeaders(headers);
    if (status >= 300 || isHtml(picked)) {
      this.#refusal = { status, headers: picked, chunks: [], size: 0 };
      return;
    }
    this.#started = true;
    this.#receiver?.start(status, picked);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const refusal = this.#refusal;
    if (refusal === undefined) {
      if (this.#receiver?.data(chunk) === false) controller.pause();
    } else {
      refusal.chunks.push(chunk);
      refusal.size += chunk.length;
      if (refusal.size > refusalLimit) controller.abort(new Error("an error of this length is cut off"));
    }
  }

  onResponseEnd(): void {
    if (this.#refusal === undefined) this.#receiver?.end();
    else void this.#refuse();
  }

  onResponseError(_: Controller, error: Error): void {
    if (this.#refusal !== undefined) void this.#refuse();
    else if (this.#started) this.fail(failureInAnswer(error, this.#upstream));
    else this.fail(failureBeforeAnswer(error, this.#upstream));
  }

  /** What has come of an error is told, also when its end is missing. */
  async #refuse(): Promise<void> {
    const refusal = this.#refusal;
    if (refusal === undefined) return;
    const { status, headers, chunks } = refusal;
    const body = Buffer.concat(chunks);
    const passed = await passOn(
      { operation: this.#operation, status, headers, body },
      this.#upstream,
      this.#redact,
    );
    this.#receiver?.start(passed.status, passed.headers);
    this.#receiver?.data(passed.body);
    this.#receiver?.end();
  }
}
