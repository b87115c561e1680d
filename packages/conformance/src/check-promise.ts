import type { Harness } from "./harness.ts";
import type { ProviderPromise } from "./promise.ts";
import { Trial } from "./trial.ts";
import { Breach, BrokenPromise, NotAsked } from "./verdict.ts";

export type Verdict =
  | { readonly status: "kept" }
  | { readonly status: "broken"; readonly error: BrokenPromise }
  | { readonly status: "skipped"; readonly reason: string };

/**
 * Finds out whether a provider keeps one promise.
 *
 * @throws HarnessFault if the harness failed, so that nothing is known about the provider.
 */
export async function checkPromise(promise: ProviderPromise, harness: Harness): Promise<Verdict> {
  const reason = reasonToSkip(promise, harness);
  if (reason !== undefined) return { status: "skipped", reason };
  const trial = new Trial(harness);
  try {
    await promise.check(trial);
    return { status: "kept" };
  } catch (thrown) {
    if (thrown instanceof NotAsked) return { status: "skipped", reason: thrown.message };
    if (thrown instanceof Breach)
      return {
        status: "broken",
        error: new BrokenPromise(promise, thrown.message),
      };
    throw thrown;
  } finally {
    await trial.end();
  }
}

/** Why a promise is not checked with this harness, as far as the harness alone can tell. */
export function reasonToSkip(promise: ProviderPromise, { lacks = {} }: Harness): string | undefined {
  const { onlyWithout, needs = [], needsOneOf = [] } = promise;
  if (onlyWithout !== undefined && lacks[onlyWithout] === undefined) return `the store has ${onlyWithout}`;
  const lacking = needs.find((capability) => lacks[capability] !== undefined);
  if (lacking !== undefined) return lacks[lacking];
  if (needsOneOf.length > 0 && needsOneOf.every((capability) => lacks[capability] !== undefined)) {
    return needsOneOf.map((capability) => lacks[capability]).join("; ");
  }
  return undefined;
}
