import { expectNotFound, expectValue } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";

const ownState = "Keep nothing of a read in the provider itself: locals only, and one request for each call.";

export const concurrency: readonly ProviderPromise[] = [
  {
    id: "concurrent-reads-are-kept-apart",
    title: "reads under way at the same time do not get each other's values",
    remedy: ownState,
    async check(trial) {
      const stage = await trial.open();
      const [a, b, never] = stage.names;
      const first = await stage.seed(a);
      const second = await stage.seed(b);
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const [ofA, ofB, ofNever] = await Promise.all([
            stage.attempt(a),
            stage.attempt(b),
            stage.attempt(never),
          ]);
          expectValue(`One of many reads of ${a}`, ofA, first.value, stage);
          expectValue(`One of many reads of ${b}`, ofB, second.value, stage);
          expectNotFound(`One of many reads of ${never}`, ofNever, stage);
        }),
      );
    },
  },
  {
    id: "abort-spares-other-reads",
    title: "aborting one read does not end another one of the same secret",
    remedy: `${ownState} Sharing a read among callers is core's work.`,
    async check(trial) {
      const stage = await trial.open();
      const [a] = stage.names;
      const { value } = await stage.seed(a);
      const controller = new AbortController();
      const aborted = stage.attempt(a, { signal: controller.signal });
      const spared = stage.attempt(a);
      controller.abort(new Error("aborted by the check"));
      expectValue("The read that nobody aborted", await spared, value, stage);
      await aborted;
    },
  },
];
