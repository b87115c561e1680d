import { createSecrets, type Failure, type SecretProvider, type Secrets } from "@keyward/core";
import { failureOf } from "./failure-of.ts";
import type { Harness, Limits, Session } from "./harness.ts";
import { type Needle, needle } from "./needles.ts";
import { type ListingOutcome, listingOutcomeOf, type Outcome, outcomeOf } from "./outcome.ts";
import { missing, retryAfterSeconds, steer, type Trouble, troubles } from "./steering.ts";
import { HarnessFault, notAsked, seeInstead } from "./verdict.ts";
import { late, until, within } from "./wait.ts";

interface Wait {
  /** Default: one that aborts when the stage ends. */
  readonly signal?: AbortSignal;
  /** Default: the limit for a found or absent answer. */
  readonly limitMs?: number;
}

export interface Attempt extends Wait {
  readonly version?: string;
}

export async function openStage(harness: Harness, limits: Limits): Promise<Stage> {
  return new Stage(harness, await steer("open()", () => harness.open()), limits);
}

/** A session, as the checks use it: reads are bounded in time and never throw, seeded values are remembered. */
export class Stage {
  readonly provider: SecretProvider;
  /** Three names that the store can hold. The third is never seeded. */
  readonly names: readonly [string, string, string];
  readonly limits: Limits;
  readonly #harness: Harness;
  readonly #session: Session;
  readonly #over = new AbortController();
  readonly #values: Needle[] = [];
  #secrets: Secrets | undefined;
  #closed = false;

  constructor(harness: Harness, session: Session, limits: Limits) {
    this.#harness = harness;
    this.#session = session;
    this.limits = limits;
    this.provider = session.provider;
    this.names = harness.names ?? ["CONFORMANCE_A", "CONFORMANCE_B", "CONFORMANCE_C"];
  }

  /** Writes a value into the store. Without one, it is a fresh value that turns up nowhere by chance. */
  async seed(name: string, value = canary()): Promise<{ readonly value: string; readonly version?: string }> {
    this.#values.push(needle(`the value of ${name}`, value));
    const seeded = await steer("seed()", () => this.#session.seed(name, value));
    return seeded?.version === undefined ? { value } : { value, version: seeded.version };
  }

  async remove(name: string): Promise<void> {
    if (this.#session.remove === undefined) missing("remove", "remove");
    await steer("remove()", () => this.#session.remove?.(name) ?? Promise.resolve());
  }

  /** The troubles that the store can have. */
  get troubles(): readonly Trouble[] {
    return troubles.filter((trouble) => this.#harness.lacks?.[trouble] === undefined);
  }

  async trouble(trouble: Trouble): Promise<void> {
    const session = this.#session;
    if (session[trouble] === undefined) missing(trouble, trouble);
    await steer(`${trouble}()`, async () =>
      trouble === "throttle" ? session.throttle?.(retryAfterSeconds) : session[trouble]?.(),
    );
  }

  async hang(): Promise<void> {
    if (this.#session.hang === undefined) missing("hang", "delay");
    await steer("hang()", async () => this.#session.hang?.());
  }

  async heal(): Promise<void> {
    if (this.#session.heal === undefined)
      throw new HarnessFault("The harness has no heal(): add it to the session.");
    await steer("heal()", async () => this.#session.heal?.());
  }

  /** Read requests that the store has seen, or `undefined` if the harness does not count. */
  requests(): number | undefined {
    return this.#session.requests?.();
  }

  /** Starts something that asks the store, aborts it when the store has been asked, and waits for its end. */
  async abortOnceAsked<T>(
    start: (options: { readonly signal: AbortSignal; readonly limitMs: number }) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const before = this.requests();
    const { quietMs, abortMs } = this.limits;
    const end = start({ signal: controller.signal, limitMs: quietMs + abortMs });
    await until(() => before !== undefined && this.requests() !== before, quietMs);
    controller.abort(new Error("aborted by the check"));
    return end;
  }

  /** The name as core hands it to the provider. */
  storeKey(name: string): string {
    return this.provider.storeKey === undefined ? name : this.provider.storeKey(name);
  }

  /** Reads as core does: through `storeKey` where there is one. */
  attempt(name: string, attempt: Attempt = {}): Promise<Outcome> {
    return this.attemptExactly(() => this.storeKey(name), attempt);
  }

  /** Reads with a key that goes to the provider as it is. */
  attemptExactly(key: () => string, { version, signal, limitMs }: Attempt = {}): Promise<Outcome> {
    const context = {
      signal: signal ?? this.signal,
      ...(version === undefined ? {} : { version }),
    };
    return outcomeOf(async () => this.provider.readSecret(key(), context), limitMs ?? this.limits.answerMs);
  }

  /** Reads while something is wrong. */
  attemptFailing(name: string): Promise<Outcome> {
    return this.attempt(name, { limitMs: this.limits.failMs });
  }

  /** Lists as core does. Ends the check if the provider has no `readAll`. */
  list({ signal = this.signal, limitMs = this.limits.answerMs }: Wait = {}): Promise<ListingOutcome> {
    if (this.provider.readAll === undefined) notAsked("the provider has no readAll");
    return listingOutcomeOf(async () => this.provider.readAll?.({ signal }), limitMs);
  }

  /** What core makes of an error. Ends the check if `classify` throws, which is a promise of its own. */
  classify(error: unknown): Failure {
    try {
      return failureOf(this.provider, error);
    } catch {
      // Not shown: what classify throws may hold anything.
      return seeInstead("classification-is-well-formed");
    }
  }

  /** Aborts when the stage ends. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Every value seeded so far. */
  get values(): readonly Needle[] {
    return this.#values;
  }

  get credentials(): readonly Needle[] {
    return (this.#session.credentials ?? []).map((text, index) => needle(`credential ${index}`, text));
  }

  /** The provider behind core, which remembers and retries nothing. */
  secrets(): Secrets {
    this.#secrets ??= createSecrets({
      providers: [this.provider],
      cache: false,
      retry: { attempts: 1 },
      deadlineMs: this.limits.answerMs,
    });
    return this.#secrets;
  }

  /** Closes the provider, through core where core has it. How that ends is a promise of its own. */
  async close(): Promise<"closed" | "rejected" | "late"> {
    this.#closed = true;
    const { provider } = this;
    try {
      const answer = await within((async () => (this.#secrets ?? provider).close?.())(), this.limits.failMs);
      return answer === late ? "late" : "closed";
    } catch {
      // Not shown: what close throws may hold anything.
      return "rejected";
    }
  }

  async end(): Promise<void> {
    this.#over.abort(new Error("the check is over"));
    if (!this.#closed) await this.close();
    await steer("dispose()", () => this.#session.dispose());
  }
}

function canary(): string {
  return `canary-${crypto.randomUUID()}`;
}
