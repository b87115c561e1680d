import type { Attempted } from "./attempts.ts";
import type { Cell } from "./cell.ts";
import type { CachePolicy } from "./policy.ts";
import type { SecretReading } from "./provider.ts";

type Readings = ReadonlyMap<string, SecretReading>;

/** How a listing ended, and the epoch that it began in: it says nothing of what was touched after that. */
interface Listed {
  readonly epoch: number;
  readonly attempted: Attempted<Readings>;
}

/** The last listing of a store that lists everything in one call, shared by all its cells. */
export class Listing {
  readonly #list: () => Promise<Attempted<Readings>>;
  #last:
    | {
        readonly readings: Readings;
        readonly startedAt: number;
        readonly epoch: number;
      }
    | undefined;
  #flight: { readonly epoch: number; readonly listed: Promise<Listed> } | undefined;

  constructor(list: () => Promise<Attempted<Readings>>) {
    this.#list = list;
  }

  /** One cell's part of a listing that is new enough for it, made now if there is none. */
  async find(
    cell: Cell,
    epoch: number,
    now: number,
    policy: CachePolicy,
  ): Promise<Attempted<SecretReading | undefined>> {
    const last = this.#last;
    if (
      last !== undefined &&
      last.epoch >= cell.epoch &&
      last.startedAt > cell.readAt &&
      now >= last.startedAt
    ) {
      const ttlMs = last.readings.has(cell.storeKey) ? policy.ttlMs : policy.absentTtlMs;
      if (now < last.startedAt + ttlMs) return pick(last.readings, last.startedAt, cell);
    }
    while (this.#flight !== undefined && this.#flight.epoch < cell.epoch) await this.#flight.listed;
    const { attempted } = await this.refresh(epoch);
    return attempted.ok ? pick(attempted.answer, attempted.startedAt, cell) : attempted;
  }

  /** Lists now, or joins the listing under way. */
  refresh(epoch: number): Promise<Listed> {
    if (this.#flight !== undefined) return this.#flight.listed;
    const listed = this.#list().then((attempted) => {
      this.#flight = undefined;
      if (attempted.ok) this.#last = { readings: attempted.answer, startedAt: attempted.startedAt, epoch };
      else if (attempted.failure.kind === "denied") this.#last = undefined;
      return { epoch, attempted };
    });
    this.#flight = { epoch, listed };
    return listed;
  }
}

export function pick(
  readings: Readings,
  startedAt: number,
  cell: Cell,
): Attempted<SecretReading | undefined> {
  return { ok: true, answer: readings.get(cell.storeKey), startedAt };
}
