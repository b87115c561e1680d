import type { ProviderPromise } from "../promise.ts";
import type { Stage } from "../stage.ts";
import { broke, notAsked, seeInstead } from "../verdict.ts";
import { pause, until } from "../wait.ts";

interface Watch {
  /** The keys reported so far. */
  readonly reports: readonly (string | undefined)[];
  stop(): void;
}

export const watching: readonly ProviderPromise[] = [
  {
    id: "watch-reports-changes",
    title: "`watch` reports a secret that changes, by its `storeKey` or by no name at all",
    remedy:
      "Call onChange(storeKey(name)), or onChange() if the store does not tell which, for every change in it.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      const watch = startWatch(stage);
      await stage.seed(a);
      await noticed(stage, () => watch.reports.length > 0, "A rotation was not reported");
      const wanted = [undefined, stage.storeKey(a)];
      await noticed(
        stage,
        () => watch.reports.some((key) => wanted.includes(key)),
        "Only other keys were reported",
      );
    },
  },
  {
    id: "watch-loses-nothing",
    title: "who reads again at each report ends up with the last value, however fast the changes come",
    remedy: "When changes are gathered, report once more after the last of them.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      const seen = new Set<string>();
      const watch = startWatch(stage, async () => {
        const outcome = await stage.attempt(a);
        if (outcome.status === "found") seen.add(outcome.reading.value);
      });
      const first = await stage.seed(a);
      if (!(await until(() => watch.reports.length > 0, stage.limits.noticeMs)))
        seeInstead("watch-reports-changes");
      await noticed(
        stage,
        () => seen.has(first.value),
        "The first change could not be read after its report",
      );
      await pause(stage.limits.quietMs);
      let last = first;
      for (let round = 0; round < 3; round += 1) last = await stage.seed(a);
      await noticed(
        stage,
        () => seen.has(last.value),
        "After three changes in a row, no report led to the last value",
      );
    },
  },
  {
    id: "watch-stops",
    title: "`watch` reports nothing once its signal has aborted",
    remedy: "Stop listening when context.signal aborts, and do not start if it has aborted already.",
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      await stage.seed(a);
      const started = performance.now();
      const watch = startWatch(stage);
      await stage.seed(a);
      await until(() => watch.reports.length > 0, stage.limits.noticeMs);
      // As long as this store takes to tell, and then some.
      const quiet = Math.max(stage.limits.quietMs, 2 * (performance.now() - started));
      watch.stop();
      const before = watch.reports.length;
      await stage.seed(a);
      await pause(Math.min(quiet, stage.limits.noticeMs));
      if (watch.reports.length > before) broke("A change was reported after the signal had aborted.");
    },
  },
];

function startWatch(stage: Stage, onReport: () => Promise<void> = async () => undefined): Watch {
  if (stage.provider.watch === undefined) notAsked("the provider has no watch");
  const reports: (string | undefined)[] = [];
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, stage.signal]);
  try {
    stage.provider.watch(
      (key) => {
        reports.push(key);
        void onReport();
      },
      { signal },
    );
  } catch {
    // Not shown: what was thrown may hold anything.
    broke("watch threw.");
  }
  return { reports, stop: () => controller.abort(new Error("the check has seen enough")) };
}

async function noticed(stage: Stage, condition: () => boolean, otherwise: string): Promise<void> {
  if (!(await until(condition, stage.limits.noticeMs)))
    broke(`${otherwise} within ${stage.limits.noticeMs} ms.`);
}
