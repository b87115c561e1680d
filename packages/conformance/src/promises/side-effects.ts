import { unchanged } from "../environment.ts";
import { exercise } from "../exercise.ts";
import { outputsDuring } from "../output.ts";
import type { ProviderPromise } from "../promise.ts";
import { rejectionsDuring } from "../rejections.ts";
import { broke } from "../verdict.ts";
import { pause } from "../wait.ts";

export const sideEffects: readonly ProviderPromise[] = [
  {
    id: "environment-is-untouched",
    title: "`process.env` is not written to",
    remedy: "Parse into a Map of your own. Turn off what the SDK puts into the environment.",
    async check(trial) {
      const opened = await unchanged("Opening it (the provider, or the harness's open)", () => trial.open());
      const [a, , never] = opened.names;
      await opened.seed(a);
      await unchanged("A read", () => opened.attempt(a));
      await unchanged("A read of an absent secret", () => opened.attempt(never));
      if (opened.provider.readAll !== undefined) await unchanged("readAll", () => opened.list());
      await unchanged("close()", () => opened.close());
    },
  },
  {
    id: "nothing-is-printed",
    title: "nothing is written to the console, to stdout or to stderr",
    remedy: "Remove the log call; turn off the SDK's own output. Core reports what happens as events.",
    async check(trial) {
      const calls = await outputsDuring(async () => {
        await exercise(trial);
        await trial.end();
      });
      if (calls.length === 0) return;
      broke(`The provider, its SDK or the harness called ${[...new Set(calls)].join(", ")}.`);
    },
  },
  {
    id: "no-rejection-is-unhandled",
    title: "no promise is left behind whose rejection nobody handles",
    remedy: "Handle the loser of every race, and await or catch every promise that you start.",
    async check(trial) {
      const count = await rejectionsDuring(async () => {
        await exercise(trial);
        await trial.end();
        await pause(trial.limits.quietMs);
      });
      if (count > 0) broke(`${count} promises rejected with nobody to handle it.`);
    },
  },
];
