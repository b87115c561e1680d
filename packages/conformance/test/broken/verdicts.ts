import { checkPromise, type ProviderPromise, providerPromises } from "../../src/index.ts";
import { outputsDuring } from "../../src/output.ts";
import { sideEffects } from "../../src/promises/side-effects.ts";
import { rejectionsDuring } from "../../src/rejections.ts";
import { memoryHarness } from "../memory-harness.ts";
import type { BrokenProvider } from "./broken-provider.ts";

/** The ids of the promises that a provider turns out to break. What it prints and leaves unhandled goes nowhere. */
export async function brokenPromises({ breakage, lacks }: BrokenProvider): Promise<readonly string[]> {
  const broken = new Set<string>();
  const check = async (promise: ProviderPromise) => {
    const verdict = await checkPromise(promise, memoryHarness(breakage, lacks));
    if (verdict.status === "broken") broken.add(verdict.error.id);
  };
  await outputsDuring(async () => {
    await rejectionsDuring(async () => {
      // Side by side, for each has a store of its own; only those that watch the whole process come one by one.
      await Promise.all(providerPromises.filter((promise) => !watchesProcess(promise)).map(check));
      for (const promise of providerPromises.filter(watchesProcess)) await check(promise);
    });
  });
  return providerPromises.map(({ id }) => id).filter((id) => broken.has(id));
}

function watchesProcess(promise: ProviderPromise): boolean {
  return sideEffects.includes(promise) || promise.id === "nothing-is-left";
}
