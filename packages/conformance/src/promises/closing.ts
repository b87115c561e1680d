import { expectFailure } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke, notAsked } from "../verdict.ts";
import { pause, until } from "../wait.ts";
import { warmStage } from "./failures.ts";

export const closing: readonly ProviderPromise[] = [
  {
    id: "close-settles",
    title: "`close()` resolves, also while a read is under way",
    remedy: "Do not wait in close() for reads: core has aborted them. Drop what is left of them.",
    async check(trial) {
      await closesInTime("after a read", await warmStage(trial));
      if (!trial.can("delay")) return;
      const stage = await warmStage(trial);
      await stage.hang();
      const controller = new AbortController();
      const read = stage.attempt(stage.names[0], { signal: controller.signal });
      await pause(stage.limits.quietMs);
      controller.abort(new Error("the manager closes"));
      await closesInTime("while a read hung", stage);
      await read;
    },
  },
  {
    id: "closed-reads-reject",
    title: "after `close()` a read rejects",
    remedy:
      "Remember in close() that the provider is closed, and throw from readSecret and readAll from then on.",
    async check(trial) {
      const stage = await warmStage(trial);
      if (stage.provider.close === undefined) notAsked("the provider has no close");
      await stage.close();
      expectFailure("A read after close()", await stage.attempt(stage.names[0]), stage);
    },
  },
  {
    id: "nothing-is-left",
    title: "after `close()` no timer, socket or watcher of the provider keeps the process alive",
    remedy:
      "Clear every timer, also the one that lost a race, and close every client that the provider itself made.",
    async check(trial) {
      const before = activeResources();
      // More often than once: a timer of the test runner's that ends meanwhile must not make up for one that is left.
      for (let round = 0; round < 3; round += 1) {
        const stage = await warmStage(trial);
        stage.provider.watch?.(() => undefined, { signal: stage.signal });
        await stage.close();
        await trial.end();
      }
      let left: readonly string[] = [];
      const clean = await until(() => {
        left = leftOf(activeResources(), before);
        return left.length === 0;
      }, trial.limits.abortMs * 2);
      if (!clean)
        broke(
          `Still active after close(), and after the store was closed: ${[...new Set(left)].join(", ")}.`,
        );
    },
  },
];

async function closesInTime(when: string, stage: Stage): Promise<void> {
  if (stage.provider.close === undefined) notAsked("the provider has no close");
  const closed = await stage.close();
  if (closed === "rejected") broke(`close() rejected ${when}.`);
  if (closed === "late") broke(`close() had not settled after ${stage.limits.failMs} ms ${when}.`);
}

function activeResources(): readonly string[] {
  if (typeof process.getActiveResourcesInfo !== "function")
    notAsked("this runtime does not tell what is active");
  return process.getActiveResourcesInfo();
}

function leftOf(now: readonly string[], before: readonly string[]): readonly string[] {
  const known = [...before];
  return now.filter((resource) => {
    const index = known.indexOf(resource);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}
