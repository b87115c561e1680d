import type { Failure, ReadContext, SecretProvider, SecretReading } from "../src/provider.ts";

type Answer = SecretReading | string | undefined | Promise<SecretReading | string | undefined>;

/** A provider whose every read is a test's to answer. */
export class FakeStore implements SecretProvider {
  readonly name: string;
  readonly reads: { readonly key: string; readonly context: ReadContext }[] = [];
  readonly values = new Map<string, string | SecretReading>();
  /** Thrown by every read while set. */
  failure: StoreFailure | undefined;
  /** Called instead of the look-up in `values`, while set. */
  answer: ((key: string, context: ReadContext) => Answer) | undefined;
  inFlight = 0;
  mostInFlight = 0;

  constructor(values: Readonly<Record<string, string | SecretReading>> = {}, name = "fake-store") {
    this.name = name;
    for (const [key, value] of Object.entries(values)) this.values.set(key, value);
  }

  async readSecret(key: string, context: ReadContext): Promise<SecretReading | undefined> {
    this.reads.push({ key, context });
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      if (this.failure !== undefined) throw this.failure;
      const answer = await (this.answer === undefined ? this.values.get(key) : this.answer(key, context));
      return typeof answer === "string" ? { value: answer } : answer;
    } finally {
      this.inFlight -= 1;
    }
  }

  classify(error: unknown): Failure | undefined {
    return error instanceof StoreFailure ? error.failure : undefined;
  }
}

export class StoreFailure extends Error {
  readonly failure: Failure;

  constructor(kind: Failure["kind"], details: Omit<Failure, "kind"> = {}) {
    super(kind);
    this.failure = { kind, ...details };
  }
}

/** A promise to be settled later. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  return Promise.withResolvers<T>();
}
