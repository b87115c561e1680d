import { exercise } from "../exercise.ts";
import { findLeak } from "../find-leak.ts";
import { needleIn } from "../needles.ts";
import type { ProviderPromise } from "../promise.ts";
import { broke, notAsked } from "../verdict.ts";

export const leaks: readonly ProviderPromise[] = [
  {
    id: "name-holds-no-secret",
    title: "the provider's name is a text that can be logged: it holds no value and no credential",
    remedy: "Build the name from the kind of store and its address, without user, password, token or query.",
    async check(trial) {
      const stage = await trial.open();
      const before: unknown = stage.provider.name;
      if (typeof before !== "string" || before.trim() === "") broke("The name is not a string with content.");
      await stage.seed(stage.names[0]);
      await stage.attempt(stage.names[0]);
      const found = needleIn(stage.provider.name, [...stage.values, ...stage.credentials]);
      if (found !== undefined) broke(`The name holds ${found.what}.`);
      if (stage.provider.name !== before)
        broke("The name changes while the provider is used; logs rely on it.");
    },
  },
  {
    id: "errors-hold-no-value",
    title:
      "nothing thrown holds a secret's value: no message, stack, property, cause, JSON or inspect output",
    remedy:
      "Do not attach answers to errors. Make a new error without the field that holds the value, and no `cause`.",
    async check(trial) {
      await exercise(trial, (error, stage) => {
        const leak = findLeak(error, stage.values);
        if (leak !== undefined) broke(`Something thrown holds ${leak}.`);
      });
    },
  },
  {
    id: "classification-holds-no-secret",
    title: "what `classify` answers holds no value, no credential and no message of the SDK",
    remedy: "Take `reason` and `remedy` from a fixed table: nothing of the error goes into them.",
    async check(trial) {
      const { provider } = await trial.open();
      if (provider.classify === undefined) notAsked("the provider has no classify");
      await exercise(trial, (error, stage) => {
        const failure = stage.classify(error);
        const leak = findLeak(failure, [...stage.values, ...stage.credentials]);
        if (leak !== undefined) broke(`classify's answer holds ${leak.replace(" at error.", " in ")}.`);
        const message = error instanceof Error ? error.message : "";
        // A short message may be a part of an honest sentence.
        if (message.length >= 16 && `${failure.reason} ${failure.remedy}`.includes(message)) {
          broke("classify's answer repeats the message of the error it was given.");
        }
      });
    },
  },
];
