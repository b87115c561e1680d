import type { FlatHeaders, LlmError, Receiver } from "../src/index.ts";

/** A receiver that keeps what it gets. */
export class Recorder implements Receiver {
  status: number | undefined;
  headers: FlatHeaders = [];
  readonly chunks: Buffer[] = [];
  error: LlmError | undefined;
  /** What `data` answers: `false` asks for a pause. */
  ready = true;
  readonly done: Promise<this>;
  readonly started: Promise<this>;
  #finish: (recorder: this) => void = () => {};
  #begin: (recorder: this) => void = () => {};

  constructor() {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.started = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  header(name: string): string | undefined {
    const at = this.headers.indexOf(name);
    return at === -1 ? undefined : this.headers[at + 1];
  }

  start(status: number, headers: FlatHeaders): void {
    this.status = status;
    this.headers = headers;
    this.#begin(this);
  }

  data(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return this.ready;
  }

  end(): void {
    this.#finish(this);
  }

  fail(error: LlmError): void {
    this.error = error;
    this.#finish(this);
  }
}
