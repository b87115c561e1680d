import type { Fault } from "../fault.ts";
import type { Transport } from "../transport.ts";

const minute = 60_000;

/** One deployment of a model, and how it has been doing. */
export class Member {
  readonly transport: Transport;
  /** Its share of the calls, relative to the others'. */
  readonly weight: number;
  /** Attempts after its own first one, in place of the settings'. */
  readonly numRetries: number | undefined;
  /** In milliseconds since the epoch; 0 when it is not left alone. */
  coolUntil = 0;
  #fails = 0;
  #countedFrom = 0;

  constructor(transport: Transport, weight: number, numRetries?: number) {
    this.transport = transport;
    this.weight = weight;
    this.numRetries = numRetries;
  }

  /** Counts a fault. @returns whether there are now more of them within a minute than are allowed */
  failsTooOften(fault: Fault, now: number, allowed: number): boolean {
    const { status, error } = fault;
    // Its limits are reached, its key does not work, or it has no such model: the next call would fare no better.
    if (status === 429 || status === 401 || status === 403 || status === 404) return true;
    if (error?.code === "key_unavailable" || error?.code === "key_invalid") return true;
    // What else is wrong with a request is the caller's doing.
    if (status < 500 && status !== 408) return false;
    if (now - this.#countedFrom >= minute) {
      this.#countedFrom = now;
      this.#fails = 0;
    }
    return ++this.#fails > allowed;
  }

  coolDown(until: number): void {
    this.coolUntil = until;
    this.#fails = 0;
  }
}
