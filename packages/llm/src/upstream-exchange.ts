import type { Dispatcher } from "undici";
import type { LlmError } from "./errors.ts";
import { type Fault, failed, refused } from "./fault.ts";
import { type FlatHeaders, pickResponseHeaders } from "./headers.ts";
import { isHtml, passOn, type Refusal, refusalLimit } from "./refusal.ts";
import type { Call, DeploymentIdentity, Exchange, Receiver, Recovery } from "./transport.ts";
import { failureBeforeAnswer, failureInAnswer } from "./upstream-failure.ts";

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** What an exchange needs of the upstream that it is an exchange with. */
export interface ExchangeOwner {
  readonly identity: DeploymentIdentity;
  readonly redact: (text: string) => string;
  /** After a 401 or 403: sends the call again if there is another key by now. @returns whether it did */
  sendWithNewKey(exchange: UpstreamExchange): Promise<boolean>;
}

const callerGone = new Error("the caller has gone");

/**
 * One request at one upstream: hands its bytes to the receiver as they come, waits when the receiver asks for it,
 * and ends the request when the caller has gone, at whatever point that happens.
 */
export class UpstreamExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly call: Call;
  /** The key that went out last, once it has. */
  sentKey: string | undefined;
  readonly #owner: ExchangeOwner;
  readonly #recovery: Recovery;
  #receiver: Receiver | undefined;
  #controller: Controller | undefined;
  #started = false;
  #renewed = false;
  #refusal: { status: number; headers: FlatHeaders; chunks: Buffer[]; size: number } | undefined;

  constructor(owner: ExchangeOwner, call: Call, receiver: Receiver, recovery: Recovery) {
    this.#owner = owner;
    this.call = call;
    this.#receiver = receiver;
    this.#recovery = recovery;
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

  /** For what goes wrong before an answer begins. */
  fail(error: LlmError): void {
    this.#report(failed(error, this.#owner.identity));
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
    this.#receiver?.start(status, picked, this.#owner.identity);
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
    const { identity } = this.#owner;
    if (this.#refusal !== undefined) void this.#refuse();
    else if (!this.#started) this.fail(failureBeforeAnswer(error, identity));
    else {
      const receiver = this.#receiver;
      this.#receiver = undefined;
      receiver?.fail(failureInAnswer(error, identity));
    }
  }

  /** What has come of an error is told, also when its end is missing. */
  async #refuse(): Promise<void> {
    const refusal = this.#refusal;
    if (refusal === undefined || this.cancelled) return;
    this.#refusal = undefined;
    const { status, headers, chunks } = refusal;
    const { identity } = this.#owner;
    if ((status === 401 || status === 403) && !this.#renewed) {
      this.#renewed = true;
      if (await this.#owner.sendWithNewKey(this)) return;
    }
    const answer: Refusal = { operation: this.call.operation, status, headers, body: Buffer.concat(chunks) };
    this.#report(refused(await passOn(answer, identity, (text) => this.#mask(text)), identity));
  }

  /** The caller hears of it, unless somebody else answers instead. */
  #report(fault: Fault): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    this.#receiver = undefined;
    if (!this.#recovery.takesOver(fault)) fault.tell(receiver);
  }

  /** Some upstreams repeat the key in their errors. */
  #mask(text: string): string {
    const key = this.sentKey;
    // One so short is no secret, and masking it would make the text unreadable.
    const masked = key === undefined || key.length < 4 ? text : text.replaceAll(key, "[secret]");
    return this.#owner.redact(masked);
  }
}
