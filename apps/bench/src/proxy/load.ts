import { type StartedProcess, startProcess } from "./process.ts";

/** Clients that each ask again as soon as they are answered. */
export interface Traffic {
  readonly port: number;
  /** How many clients, each on a connection of its own. */
  readonly clients: number;
  /** For how long they go on asking; all ask at least once, and every answer is awaited. */
  readonly milliseconds: number;
  readonly body: string;
}

export interface TrafficResult {
  readonly requests: number;
  readonly seconds: number;
  /** Median milliseconds from a question to the first byte of its answer. */
  readonly firstByte: number;
  /** In how many pieces an answer came, on average. */
  readonly pieces: number;
}

/** Clients that leave their answers open. */
export interface Crowd {
  readonly port: number;
  readonly clients: number;
  readonly body: string;
  /** Whether they read what comes. */
  readonly reading: boolean;
}

/** What the load process can be asked. */
export type LoadQuestion =
  | { readonly traffic: Traffic }
  | { readonly open: Crowd }
  /** How many clients of the crowd have an answer of this many events. */
  | { readonly withEvents: number }
  | { readonly leave: true };

/** The clients' process. */
export class Load implements AsyncDisposable {
  readonly #process: StartedProcess;

  private constructor(started: StartedProcess) {
    this.#process = started;
  }

  static async start(): Promise<Load> {
    return new Load(await startProcess("load"));
  }

  run(traffic: Traffic): Promise<TrafficResult> {
    return this.#ask({ traffic }) as Promise<TrafficResult>;
  }

  async open(crowd: Crowd): Promise<void> {
    await this.#ask({ open: crowd });
  }

  withEvents(count: number): Promise<number> {
    return this.#ask({ withEvents: count }) as Promise<number>;
  }

  async leave(): Promise<void> {
    await this.#ask({ leave: true });
  }

  #ask(question: LoadQuestion): Promise<unknown> {
    return this.#process.ask(question);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
