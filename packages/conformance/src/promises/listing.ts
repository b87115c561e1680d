import type { SecretReading } from "@keyward/core";
import { difference, expectFailure, tell } from "../expectation.ts";
import type { ListingOutcome } from "../outcome.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke, seeInstead } from "../verdict.ts";
import { warmStage } from "./failures.ts";

export const listing: readonly ProviderPromise[] = [
  {
    id: "listing-agrees",
    title: "`readAll` holds what `readSecret` finds, under the same names",
    remedy:
      "Key the map as `storeKey` spells the names, and leave out of it only what readSecret calls absent.",
    async check(trial) {
      const stage = await trial.open();
      const [a, b, never] = stage.names;
      await stage.seed(a);
      await stage.seed(b, trial.can("empty values") ? "" : undefined);
      const all = listed("A listing", await stage.list(), stage);
      for (const name of [a, b]) {
        const outcome = await stage.attempt(name);
        const entry = all.get(stage.storeKey(name));
        if (outcome.status !== "found") seeInstead(name === b ? "empty-is-found" : "found-is-exact");
        if (entry === undefined) broke(`The listing does not hold ${name}, and readSecret finds it.`);
        if (typeof entry.value !== "string") broke(`The listing's value of ${name} is not a string.`);
        const { value, version } = outcome.reading;
        if (entry.value !== value)
          broke(`The listing's entry for ${name}: ${difference(entry.value, value)}.`);
        if (entry.version !== version)
          broke(`The listing's version of ${name} is not the one that readSecret tells.`);
      }
      if (all.has(stage.storeKey(never))) broke(`The listing holds ${never}, which nobody seeded.`);
    },
  },
  {
    id: "listing-is-fresh",
    title: "two listings ask the store twice: what has changed is in the very next one",
    remedy: "Keep no listing in the provider: core fills its cache from it.",
    async check(trial) {
      const stage = await trial.open();
      const [a, b] = stage.names;
      await stage.seed(a);
      listed("The first listing", await stage.list(), stage);
      const rotated = await stage.seed(a);
      const added = await stage.seed(b);
      const second = listed("The second listing", await stage.list(), stage);
      if (second.get(stage.storeKey(a))?.value !== rotated.value)
        broke("The second listing lacks the rotated value.");
      if (second.get(stage.storeKey(b))?.value !== added.value)
        broke("The second listing lacks an added secret.");
      if (!trial.can("remove")) return;
      await stage.remove(b);
      const third = listed("The third listing", await stage.list(), stage);
      if (third.has(stage.storeKey(b))) broke("The third listing holds a secret that was removed.");
    },
  },
  {
    id: "listing-failures-are-thrown",
    title: "a listing that fails throws: it is never empty or partial instead",
    remedy: "Let the SDK's error through. Core takes what is missing in a listing for absent.",
    needsOneOf: ["deny", "outage", "throttle", "corrupt"],
    async check(trial) {
      for (const trouble of (await trial.open()).troubles) {
        const stage = await warmStage(trial);
        await stage.trouble(trouble);
        const outcome = await stage.list({ limitMs: stage.limits.failMs });
        expectFailure(`A listing after ${trouble}()`, outcome, stage);
      }
    },
  },
  {
    id: "listing-honours-abort",
    title: "`readAll` rejects at once when its signal is aborted, and soon when it aborts later",
    remedy: "Treat context.signal in readAll as in readSecret.",
    async check(trial) {
      const stage = await warmStage(trial);
      const before = stage.requests();
      const signal = AbortSignal.abort(new Error("aborted by the check"));
      const refused = await stage.list({ signal, limitMs: stage.limits.abortMs });
      expectFailure("A listing with an aborted signal", refused, stage);
      if (stage.requests() !== before)
        broke("The listing with an aborted signal sent a request all the same.");
      if (!trial.can("delay")) return;
      await stage.hang();
      const ended = await stage.abortOnceAsked((options) => stage.list(options));
      expectFailure("A listing, aborted while the store kept silent", ended, stage);
    },
  },
];

function listed(when: string, outcome: ListingOutcome, stage: Stage): ReadonlyMap<string, SecretReading> {
  if (outcome.status !== "listed") broke(`${when}: expected a Map, but ${tell(outcome, stage)}.`);
  return outcome.readings;
}
