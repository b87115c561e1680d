import { expectNotFound, expectValue, tell } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import { broke, seeInstead } from "../verdict.ts";
import { thrownPromise } from "./failures.ts";

export const freshness: readonly ProviderPromise[] = [
  {
    id: "nothing-is-remembered",
    title: "two reads ask the store twice: a rotated value is seen by the very next read",
    remedy:
      "Remove the cache from the provider, and turn off the SDK's: core caches once, for all providers.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      const first = await stage.seed(a);
      expectValue("The first read", await stage.attempt(a), first.value, stage);
      const second = await stage.seed(a);
      expectValue("The read after a rotation", await stage.attempt(a), second.value, stage);
      const before = stage.requests();
      expectValue("The read after that", await stage.attempt(a), second.value, stage);
      if (before !== undefined && stage.requests() === before)
        broke("The last read asked the store for nothing.");
      if (!trial.can("remove")) return;
      await stage.remove(a);
      expectNotFound("The read after the secret's removal", await stage.attempt(a), stage);
    },
  },
  {
    id: "failures-are-not-remembered",
    title: "when the store has recovered, the very next read succeeds",
    remedy:
      "Forget what failed: a rejected promise for a client, a token or a read must not be kept and handed out again.",
    needsOneOf: ["deny", "outage", "throttle", "corrupt"],
    async check(trial) {
      for (const trouble of (await trial.open()).troubles) {
        const stage = await trial.open();
        const [a] = stage.names;
        const { value } = await stage.seed(a);
        await stage.trouble(trouble);
        const outcome = await stage.attemptFailing(a);
        if (outcome.status !== "failed") seeInstead(thrownPromise[trouble]);
        await stage.heal();
        const healed = await stage.attempt(a);
        if (healed.status !== "found")
          broke(`The first read after ${trouble}() and heal(): ${tell(healed, stage)}.`);
        expectValue(`The first read after ${trouble}() and heal()`, healed, value, stage);
      }
    },
  },
];
