import type { Trouble } from "../src/steering.ts";

export interface StoredVersion {
  readonly value: string;
  readonly version: string;
  readonly createdAt: Date;
}

/** What a memory store throws, as an SDK would. */
export class StoreError extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A store in this process that answers as slowly, badly or not at all as a test wants. */
export class MemoryStore {
  readonly secrets = new Map<string, StoredVersion[]>();
  readonly #listeners = new Set<(name: string) => void>();
  #trouble: Trouble | "hang" | undefined;
  #retryAfterSeconds = 0;
  #wake: (() => void)[] = [];
  #counter = 0;
  requests = 0;
  readonly removed = new Set<string>();

  write(name: string, value: string): { readonly version: string } {
    this.#counter += 1;
    const version = `v${this.#counter}`;
    this.secrets.set(name, [...(this.secrets.get(name) ?? []), { value, version, createdAt: new Date() }]);
    this.#changed(name);
    return { version };
  }

  remove(name: string): void {
    this.secrets.delete(name);
    this.removed.add(name);
    this.#changed(name);
  }

  begin(trouble: Trouble | "hang", retryAfterSeconds = 0): void {
    this.#trouble = trouble;
    this.#retryAfterSeconds = retryAfterSeconds;
  }

  heal(): void {
    this.#trouble = undefined;
    for (const wake of this.#wake.splice(0)) wake();
  }

  get silent(): boolean {
    return this.#trouble === "hang";
  }

  /** One request. Rejects when the signal aborts, as `fetch` does. */
  async request<T>(signal: AbortSignal, answer: () => T): Promise<T | "<html>nonsense</html>"> {
    signal.throwIfAborted();
    this.requests += 1;
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), {
        once: true,
      });
      if (this.#trouble === "hang") this.#wake.push(resolve);
      else setImmediate(resolve);
    });
    if (this.#trouble === "deny") throw new StoreError(403, "forbidden");
    if (this.#trouble === "outage") throw new StoreError(503, "connection refused");
    if (this.#trouble === "throttle") throw new StoreError(429, "too many requests", this.#retryAfterSeconds);
    return this.#trouble === "corrupt" ? "<html>nonsense</html>" : answer();
  }

  onChange(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(name: string): void {
    for (const listener of this.#listeners)
      setImmediate(() => this.#listeners.has(listener) && listener(name));
  }
}
