import type { Cell } from "./cell.ts";
import { SecretError } from "./errors.ts";
import { follow } from "./json-pointer.ts";
import type { SecretReading } from "./provider.ts";
import type { Redactor } from "./redactor.ts";
import type { Source } from "./source.ts";

export interface Stop {
  readonly source: Source;
  readonly cell: Cell;
}

/** One reference as the application wrote it, and where its value may come from, in order. */
export class Route {
  readonly text: string;
  /** The name in the reference. */
  readonly name: string;
  readonly stops: readonly Stop[];
  readonly #pointer: readonly string[] | undefined;
  readonly #redactor: Redactor;
  /** Set by each use after the first, cleared by each look for something to evict. */
  used = false;
  /** Calls and subscriptions that need this route to stay. */
  inUse = 0;
  #selectedFrom: SecretReading | undefined;
  #selected: string | undefined;
  #previous: string | undefined;
  #promise: Promise<string> | undefined;

  constructor(
    text: string,
    name: string,
    pointer: readonly string[] | undefined,
    stops: readonly Stop[],
    redactor: Redactor,
  ) {
    this.text = text;
    this.name = name;
    this.#pointer = pointer;
    this.stops = stops;
    this.#redactor = redactor;
  }

  get busy(): boolean {
    return this.inUse > 0 || this.stops.some(({ cell }) => cell.flight !== undefined);
  }

  /** The stop whose value is fresh, if no store need be asked. */
  freshStop(now: number): Stop | undefined {
    for (const stop of this.stops) {
      if (!stop.cell.isFresh(now)) return undefined;
      if (stop.cell.status === "found") return stop;
    }
    return undefined;
  }

  /** The value as a promise, the same one for the same reading. Rejects if the pointer finds no string. */
  valueOf(cell: Cell, reading: SecretReading): Promise<string> {
    if (this.#pointer === undefined) {
      return cell.reading === reading && cell.value !== undefined
        ? cell.value
        : Promise.resolve(reading.value);
    }
    if (this.#selectedFrom === reading && this.#promise !== undefined) return this.#promise;
    try {
      const promise = Promise.resolve(this.select(reading));
      this.#promise = promise;
      return promise;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The part of the value that the reference selects, masked from now on. @throws SecretError `invalid_reference`. */
  select(reading: SecretReading): string {
    if (this.#pointer === undefined) return reading.value;
    if (this.#selectedFrom === reading && this.#selected !== undefined) return this.#selected;
    const pointed = follow(reading.value, this.#pointer);
    if ("problem" in pointed) {
      const message = `"${this.text}": ${pointed.problem}.`;
      throw new SecretError({
        code: "invalid_reference",
        key: this.name,
        message,
      });
    }
    if (pointed.found !== this.#selected) {
      this.#redactor.hold(pointed.found);
      if (this.#previous !== undefined) this.#redactor.retire(this.#previous);
      this.#previous = this.#selected;
      this.#selected = pointed.found;
    }
    this.#selectedFrom = reading;
    this.#promise = undefined;
    return pointed.found;
  }

  release(): void {
    for (const { source, cell } of this.stops) source.letGo(cell);
    for (const value of [this.#selected, this.#previous])
      if (value !== undefined) this.#redactor.retire(value);
  }
}
