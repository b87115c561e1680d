import { describe, test } from "vitest";
import { checkPromise, reasonToSkip } from "./check-promise.ts";
import type { Harness } from "./harness.ts";
import { providerPromises } from "./provider-promises.ts";

// Far above what all limits of one check add up to: the suite's own message comes first.
const timeout = 180_000;

/**
 * Registers one vitest test for each promise of the contract. Call it at the top level of a test file, or inside
 * a `describe`. A promise that the store cannot keep is a skipped test, whose title says why.
 */
export function describeProvider(name: string, harness: Harness): void {
  // One after the other, whatever the configuration says: some checks watch the whole process.
  describe(`${name} keeps the promises of a Keyward provider`, { concurrent: false }, () => {
    for (const promise of providerPromises) {
      const title = `${promise.id}: ${promise.title}`;
      const reason = reasonToSkip(promise, harness);
      if (reason !== undefined) {
        test.skip(`${title} (skipped: ${reason})`);
        continue;
      }
      test(title, { timeout }, async ({ skip }) => {
        const verdict = await checkPromise(promise, harness);
        if (verdict.status === "skipped") skip(verdict.reason);
        if (verdict.status === "broken") throw verdict.error;
      });
    }
  });
}
