import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ScheduledListing, ScheduledStore } from "../test/scheduled-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import { isSecretError } from "./errors.ts";
import type { SecretsOptions } from "./secrets.ts";

const ttlMs = 1_000;
const maxStaleMs = 3_000;
const deadlineMs = 400;
const intervalMs = 2_000;

const action = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: "get" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "get and abort" } as const) },
  { weight: 4, arbitrary: fc.constant({ do: "rotate" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "invalidate" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "get another" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "invalidate another" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "subscribe" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "unsubscribe" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      kind: fc.constantFrom("unavailable", "throttled", "denied", "invalid", "unknown"),
      where: fc.constantFrom("store", "gate"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("hang" as const), where: fc.constantFrom("store", "gate") }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "delete" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "heal" } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 99, 399, 400, 1_000, 2_500, 4_000),
    }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

type Shape = "one store" | "a store that lists" | "a chain";

/** What a run saw, for the assertions at its end. */
class Run {
  readonly clock = new TestClock();
  readonly store: ScheduledStore;
  /** In a chain, the first provider. It never has the secret, and may fail to say so. */
  readonly gate: ScheduledStore;
  readonly secrets;
  readonly calls: Promise<void>[] = [];
  readonly faults: string[] = [];
  readonly subscribers: { last: number | undefined; end: () => void }[] = [];
  #invalidatedAt = 0;

  constructor(scheduler: fc.Scheduler, options: Partial<SecretsOptions> = {}, shape: Shape = "one store") {
    const Store = shape === "a store that lists" ? ScheduledListing : ScheduledStore;
    this.store = new Store(scheduler, () => this.clock.now());
    this.gate = new ScheduledStore(scheduler, () => this.clock.now());
    this.gate.absent = true;
    this.secrets = createSecrets({
      providers: shape === "a chain" ? { gate: this.gate, store: this.store } : [this.store],
      clock: this.clock,
      random: () => 0.5,
      deadlineMs,
      cache: { ttlMs, maxStaleMs, absentTtlMs: 100, staleRetryMs: 200 },
      retry: { attempts: 2, baseMs: 50 },
      poll: { intervalMs },
      ...options,
    });
  }

  perform(step: Action): void {
    const { store } = this;
    if (step.do === "get") this.#get();
    else if (step.do === "get and abort") this.#get(new AbortController());
    else if (step.do === "get another") this.calls.push(this.secrets.find("B").then(noop, noop));
    else if (step.do === "invalidate another") this.secrets.invalidate("B");
    else if (step.do === "rotate") store.rotate();
    else if (step.do === "subscribe") this.#subscribe();
    else if (step.do === "unsubscribe") this.subscribers.shift()?.end();
    else if (step.do === "fail") this[step.where].failing = step.kind;
    else if (step.do === "hang") this[step.where].hanging = true;
    else if (step.do === "delete") store.absent = true;
    else if (step.do === "wait") this.clock.jump(step.ms);
    else if (step.do === "invalidate") {
      this.#invalidatedAt = store.current;
      this.secrets.invalidate("A");
    } else this.heal();
  }

  heal(): void {
    for (const store of [this.store, this.gate]) {
      store.failing = undefined;
      store.hanging = false;
    }
    this.store.absent = false;
  }

  #subscribe(): void {
    const subscriber: (typeof this.subscribers)[number] = { last: undefined, end: () => undefined };
    subscriber.end = this.secrets.subscribe("A", (secret) => {
      const value = Number(secret.reveal());
      if (subscriber.last !== undefined && value < subscriber.last)
        this.faults.push("a subscriber went back in time");
      subscriber.last = value;
    });
    this.subscribers.push(subscriber);
  }

  #get(controller?: AbortController): void {
    const calledAt = this.clock.now();
    const notBefore = this.#invalidatedAt;
    const call = this.secrets.read("A", controller === undefined ? {} : { signal: controller.signal }).then(
      (secret) => this.#check(Number(secret.reveal()), secret.stale, calledAt, notBefore),
      (error: unknown) => {
        if (!isSecretError(error)) this.faults.push(`something else than a SecretError: ${error}`);
      },
    );
    this.calls.push(call);
    controller?.abort();
  }

  #check(value: number, stale: boolean, calledAt: number, notBefore: number): void {
    const replacedAt = this.store.replacedAt[value] ?? Number.POSITIVE_INFINITY;
    // The clock jumps past the moment of an answer; that is at the deadline at the latest.
    const answeredAt = Math.min(this.clock.now(), calledAt + deadlineMs + 1);
    const oldest = stale ? answeredAt - ttlMs - maxStaleMs : calledAt - Math.max(ttlMs, deadlineMs);
    if (replacedAt < oldest)
      this.faults.push(`value ${value} was too old${stale ? ", even for a stale one" : ""}`);
    if (value < notBefore) this.faults.push("a value from before invalidate answered a later call");
  }
}

const noop = () => undefined;
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", noteUnhandled));
afterAll(() => void process.off("unhandledRejection", noteUnhandled));

async function play(
  scheduler: fc.Scheduler,
  steps: readonly Action[],
  options: Partial<SecretsOptions> = {},
  shape: Shape = "one store",
) {
  const run = new Run(scheduler, options, shape);
  scheduler.scheduleSequence(steps.map((step) => async () => run.perform(step)));
  await scheduler.waitIdle();
  return run;
}

async function drain(run: Run, scheduler: fc.Scheduler, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    run.clock.jump(100);
    await scheduler.waitIdle();
  }
}

const sequences = fc.array(action, { minLength: 1, maxLength: 30 });

const continueOn = fc.subarray(["unavailable", "throttled", "denied", "invalid", "unknown"] as const);

describe.each(["one store", "a store that lists", "a chain"] as const)("of %s", (shape) => {
  test("no value is older than the policy allows, no key has two reads in flight, every call ends", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), sequences, continueOn, async (scheduler, steps, continueOn) => {
        const run = await play(scheduler, steps, { continueOn }, shape);
        await drain(run, scheduler, 2 * deadlineMs + 100);
        await Promise.all(run.calls);
        expect(run.faults).toEqual([]);
        expect(run.store.mostInFlight).toBeLessThanOrEqual(1);
        await run.secrets.close();
        expect(unhandled).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test("no subscriber is lost: each ends up with the store's current value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), sequences, continueOn, async (scheduler, steps, continueOn) => {
        const run = await play(scheduler, [...steps, { do: "subscribe" }], { continueOn }, shape);
        run.heal();
        run.gate.failing = continueOn[0];
        run.store.rotate();
        await drain(run, scheduler, 2 * intervalMs + 2 * deadlineMs);
        expect(run.subscribers.map(({ last }) => last)).toEqual(run.subscribers.map(() => run.store.current));
        expect(run.faults).toEqual([]);
        await run.secrets.close();
      }),
      { numRuns: 1_500 },
    );
  });

  test("close at any moment settles every call and leaves no timer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        sequences,
        continueOn,
        fc.nat({ max: 30 }),
        async (scheduler, steps, continueOn, at) => {
          const run = new Run(scheduler, { continueOn }, shape);
          const closing: Promise<void>[] = [];
          const actions = steps.map((step, index) => async () => {
            if (index === at) closing.push(run.secrets.close());
            if (closing.length === 0 || step.do === "get" || step.do === "wait") run.perform(step);
          });
          scheduler.scheduleSequence(actions);
          await scheduler.waitIdle();
          closing.push(run.secrets.close());
          await scheduler.waitIdle();
          await Promise.all([...closing, ...run.calls]);
          expect(run.clock.pending).toBe(0);
          expect(unhandled).toEqual([]);
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

test("without a cache, calls that overlap still share a read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), sequences, async (scheduler, steps) => {
      const run = await play(scheduler, steps, { cache: false });
      await drain(run, scheduler, 2 * deadlineMs + 100);
      await Promise.all(run.calls);
      expect(run.store.mostInFlight).toBeLessThanOrEqual(1);
      expect(run.faults).toEqual([]);
      await run.secrets.close();
    }),
    { numRuns: 1_000 },
  );
});
