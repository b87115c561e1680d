import { expectFailure, tell } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import type { Trouble } from "../steering.ts";
import type { Trial } from "../trial.ts";
import { broke, notAsked, seeInstead } from "../verdict.ts";

const throwRaw = "Let the SDK's error through as it is: no catch, no fallback, no `undefined`, no old value.";

/** The promise under which a trouble is expected to be thrown. */
export const thrownPromise: Readonly<Record<Trouble, string>> = {
  deny: "denial-is-thrown",
  outage: "outage-is-thrown",
  throttle: "throttling-is-thrown",
  corrupt: "nonsense-is-thrown",
};

export const failures: readonly ProviderPromise[] = [
  {
    id: thrownPromise.deny,
    title: "a store that refuses the identity makes the read throw",
    remedy: throwRaw,
    needs: ["deny"],
    check: (trial) => throwsWhile(trial, "deny"),
  },
  {
    id: thrownPromise.outage,
    title: "a store that is out of reach makes the read throw, soon",
    remedy: `${throwRaw} If it takes too long, turn off the SDK's own retries: core makes them.`,
    needs: ["outage"],
    check: (trial) => throwsWhile(trial, "outage"),
  },
  {
    id: thrownPromise.throttle,
    title: "a store that answers 'too many requests' makes the read throw, without waiting",
    remedy: `${throwRaw} If it takes too long, turn off the SDK's own waiting: core knows the deadline, the SDK does not.`,
    needs: ["throttle"],
    check: (trial) => throwsWhile(trial, "throttle"),
  },
  {
    id: thrownPromise.corrupt,
    title: "an answer that makes no sense makes the read throw",
    remedy: "Check that the answer has the shape you expect before using it, and throw when it does not.",
    needs: ["corrupt"],
    check: (trial) => throwsWhile(trial, "corrupt"),
  },
  {
    id: "silence-is-no-answer",
    title: "while the store does not answer, a read resolves to nothing at all",
    remedy: "A timeout of the provider's own may reject; it must never become `undefined` or an old value.",
    needs: ["delay"],
    async check(trial) {
      const stage = await warmStage(trial);
      await stage.hang();
      const outcome = await stage.attempt(stage.names[0], {
        limitMs: stage.limits.quietMs,
      });
      if (outcome.status !== "late" && outcome.status !== "failed") {
        broke(`A read that the store has not answered: ${tell(outcome, stage)}.`);
      }
    },
  },
  {
    id: "a-read-is-one-request",
    title: "a read that fails has asked the store once",
    remedy: "Turn off the SDK's own retries: core retries once for all, with a deadline and with jitter.",
    needs: ["throttle", "one attempt"],
    async check(trial) {
      const stage = await warmStage(trial);
      const before = stage.requests();
      if (before === undefined) notAsked("the harness does not count requests");
      await stage.trouble("throttle");
      const outcome = await stage.attemptFailing(stage.names[0]);
      if (outcome.status !== "failed") seeInstead(thrownPromise.throttle);
      const made = (stage.requests() ?? before) - before;
      if (made > 1) broke(`One read made ${made} requests to a store that throttles.`);
    },
  },
];

async function throwsWhile(trial: Trial, trouble: Trouble): Promise<void> {
  const stage = await warmStage(trial);
  const [a, b] = stage.names;
  await stage.trouble(trouble);
  expectFailure(
    `A first read of a secret that exists, after ${trouble}()`,
    await stage.attemptFailing(a),
    stage,
  );
  const again = await stage.attemptFailing(b);
  if (again.status === "found" && (await isRemembered(stage, b))) seeInstead("nothing-is-remembered");
  expectFailure(`A read of a secret that was read before, after ${trouble}()`, again, stage);
}

/** Whether a provider that still has a value during trouble does not ask the store at all, rather than falling back. */
async function isRemembered(stage: Stage, name: string): Promise<boolean> {
  await stage.heal();
  const { value } = await stage.seed(name);
  const outcome = await stage.attempt(name);
  return outcome.status === "found" && outcome.reading.value !== value;
}

/** Two secrets, the second of which has been read: SDKs are imported and signed in, the first is unknown to any cache. */
export async function warmStage(trial: Trial): Promise<Stage> {
  const stage = await trial.open();
  const [a, b] = stage.names;
  await stage.seed(a);
  await stage.seed(b);
  await stage.attempt(b);
  return stage;
}
