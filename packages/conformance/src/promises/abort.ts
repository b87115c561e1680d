import { expectFailure } from "../expectation.ts";
import type { Outcome } from "../outcome.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke, notAsked, seeInstead } from "../verdict.ts";
import { pause } from "../wait.ts";
import { warmStage } from "./failures.ts";

const passSignal =
  "Pass context.signal to the SDK; where the SDK takes none, race the call against the signal.";

export const abort: readonly ProviderPromise[] = [
  {
    id: "aborted-reads-ask-nothing",
    title: "a read whose signal is already aborted rejects without a request",
    remedy: "Begin readSecret with context.signal.throwIfAborted().",
    async check(trial) {
      const stage = await warmStage(trial);
      const before = stage.requests();
      const signal = AbortSignal.abort(new Error("aborted by the check"));
      const outcome = await stage.attempt(stage.names[0], {
        signal,
        limitMs: stage.limits.abortMs,
      });
      expectFailure("A read with an aborted signal", outcome, stage);
      if (stage.requests() !== before) broke("The read with an aborted signal sent a request all the same.");
    },
  },
  {
    id: "abort-ends-the-read",
    title: "a read that waits for the store rejects soon after its signal aborts",
    remedy: `${passSignal} Signing in and importing the SDK count too: race the whole of it.`,
    needs: ["delay"],
    async check(trial) {
      const cold = await trial.open();
      await cold.seed(cold.names[0]);
      await endsSoon("The first read of all", cold);
      await endsSoon("A later read", await warmStage(trial));
    },
  },
  {
    id: "abort-leaves-nothing-running",
    title: "after an abort the store is not asked again",
    remedy: `${passSignal} Let no retry and no follow-up request start once the signal has aborted.`,
    needs: ["delay"],
    async check(trial) {
      const stage = await warmStage(trial);
      if (stage.requests() === undefined) notAsked("the harness does not count requests");
      await stage.hang();
      const outcome = await abortedRead(stage);
      if (outcome.status === "late") seeInstead("abort-ends-the-read");
      await stage.heal();
      const before = stage.requests();
      await pause(stage.limits.quietMs);
      if (stage.requests() !== before)
        broke("After the abort, when the store had recovered, it was asked again.");
    },
  },
];

async function endsSoon(when: string, stage: Stage): Promise<void> {
  await stage.hang();
  const outcome = await abortedRead(stage);
  if (outcome.status === "found" || outcome.status === "absent") seeInstead("silence-is-no-answer");
  expectFailure(`${when}, aborted while the store kept silent`, outcome, stage);
}

function abortedRead(stage: Stage): Promise<Outcome> {
  return stage.abortOnceAsked((options) => stage.attempt(stage.names[0], options));
}
