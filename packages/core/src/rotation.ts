import type { Cell } from "./cell.ts";
import { guard } from "./events.ts";
import type { SecretReading } from "./provider.ts";
import type { Route, Stop } from "./route.ts";
import type { Runtime } from "./runtime.ts";
import { Secret } from "./secret.ts";
import type { Watcher } from "./watcher.ts";

interface Subscriber {
  readonly listener: (secret: Secret) => unknown;
  last: SecretReading | undefined;
}

/** The subscribers of one route. While there are any, the stops that decide its value are watched. */
export class Rotation {
  readonly #route: Route;
  readonly #runtime: Runtime;
  readonly #watcher: Watcher;
  readonly #subscribers = new Set<Subscriber>();
  readonly #watched: (() => void)[] = [];
  readonly #onCellChange = () => this.#evaluate();

  constructor(route: Route, runtime: Runtime, watcher: Watcher) {
    this.#route = route;
    this.#runtime = runtime;
    this.#watcher = watcher;
  }

  get empty(): boolean {
    return this.#subscribers.size === 0;
  }

  add(listener: (secret: Secret) => unknown): () => void {
    const subscriber: Subscriber = { listener, last: this.#current()?.reading };
    this.#subscribers.add(subscriber);
    this.#follow();
    return () => {
      this.#subscribers.delete(subscriber);
      if (this.empty) this.#watchThrough(-1);
    };
  }

  #evaluate(): void {
    if (this.empty) return;
    this.#follow();
    this.#deliver();
  }

  /** Watches as far along the chain as matters. */
  #follow(): void {
    const decisive = this.#route.stops.findIndex(({ cell }) => !this.#isPassed(cell));
    this.#watchThrough(decisive < 0 ? this.#route.stops.length - 1 : decisive);
  }

  /** Tells those who have not seen the current value. */
  #deliver(): void {
    const current = this.#current();
    if (current === undefined || !this.#isSettled(current.stop.cell)) return;
    for (const subscriber of [...this.#subscribers]) {
      if (!this.#subscribers.has(subscriber) || isSame(subscriber.last, current.reading)) continue;
      subscriber.last = current.reading;
      this.#tell(subscriber, current);
    }
  }

  /** Whether a value is the store's last word: not about to be replaced, nor too old to be served. */
  #isSettled(cell: Cell): boolean {
    if (cell.due || cell.flight !== undefined) return false;
    return cell.failed === undefined || cell.mayServeStale(this.#runtime.clock.now());
  }

  /** The last known value, fresh or not; nothing if that depends on a store that has not answered. */
  #current(): Current | undefined {
    const stop = this.#route.stops.find(({ cell }) => !this.#isPassed(cell));
    if (stop?.cell.status !== "found" || stop.cell.reading === undefined) return undefined;
    return { stop, reading: stop.cell.reading };
  }

  /** Whether a call would go on to the next provider. */
  #isPassed(cell: Cell): boolean {
    if (cell.status === "absent") return true;
    const { clock, continueOn } = this.#runtime;
    return cell.failed !== undefined && continueOn.has(cell.failed) && !cell.mayServeStale(clock.now());
  }

  #watchThrough(last: number): void {
    while (this.#watched.length > last + 1) this.#watched.pop()?.();
    while (this.#watched.length < last + 1) {
      const stop = this.#route.stops[this.#watched.length];
      if (stop === undefined) return;
      stop.cell.observers.add(this.#onCellChange);
      const unwatch = this.#watcher.watch(stop);
      this.#watched.push(() => {
        stop.cell.observers.delete(this.#onCellChange);
        unwatch();
      });
    }
  }

  #tell(subscriber: Subscriber, { stop, reading }: Current): void {
    const provider = stop.source.provider.name;
    const { emit } = this.#runtime;
    const failed = () => emit?.({ type: "listener_failed", provider, key: this.#route.name });
    guard(() => {
      const value = this.#route.select(reading);
      const readAt = new Date(stop.cell.readAt);
      const { version, createdAt, updatedAt, expiresAt } = reading;
      const metadata = {
        key: this.#route.name,
        provider,
        version,
        createdAt,
        updatedAt,
        expiresAt,
        readAt,
      };
      return subscriber.listener(new Secret(value, { ...metadata, stale: false }));
    }, failed);
  }
}

interface Current {
  readonly stop: Stop;
  readonly reading: SecretReading;
}

function isSame(a: SecretReading | undefined, b: SecretReading): boolean {
  return a !== undefined && a.value === b.value && a.version === b.version;
}
