import type { ServerResponse } from "node:http";
import type { FlatHeaders, LlmError, Operation, Receiver } from "@keyward/llm";
import { sendLlmError } from "./answers.ts";
import { errorEvent } from "./error-event.ts";

/** Told of a call that failed: the status an upstream refused with, or an error and its code. */
export type OnFailure = (reason: string, error?: LlmError) => void;

/** The client's side of a model call: writes what comes, as it comes. */
export class ClientReceiver implements Receiver {
  readonly #response: ServerResponse;
  readonly #operation: Operation;
  readonly #onFailure: OnFailure;
  #last: Buffer | undefined;
  /** Whether the answer is a stream of events in plain text, to which one more can be added. */
  #events = false;

  constructor(response: ServerResponse, operation: Operation, onFailure: OnFailure) {
    this.#response = response;
    this.#operation = operation;
    this.#onFailure = onFailure;
  }

  start(status: number, headers: FlatHeaders): void {
    if (status >= 400) this.#onFailure(String(status));
    const type = headers.indexOf("content-type");
    this.#events =
      type !== -1 &&
      headers[type + 1]?.startsWith("text/event-stream") === true &&
      !headers.includes("content-encoding");
    this.#response.writeHead(status, headers);
    // The first event may be a long time coming, and clients wait for the headers.
    if (this.#events) this.#response.flushHeaders();
  }

  data(chunk: Buffer): boolean {
    this.#last = chunk;
    return this.#response.write(chunk);
  }

  end(): void {
    this.#response.end();
  }

  /** Before the answer a failure is an answer; in the middle of it, the client must not take what it has for all. */
  fail(error: LlmError): void {
    this.#onFailure(error.code, error);
    const response = this.#response;
    if (!response.headersSent) {
      sendLlmError(response, error, this.#operation);
      return;
    }
    if (this.#events && this.#betweenEvents()) {
      response.write(errorEvent(error, this.#operation), () => response.destroy());
    } else response.destroy();
  }

  #betweenEvents(): boolean {
    return this.#last === undefined || /\r?\n\r?\n$/.test(this.#last.subarray(-4).toString("latin1"));
  }
}
