import { checkPromise, providerPromises } from "../../src/index.ts";
import { outputsDuring } from "../../src/output.ts";
import { rejectionsDuring } from "../../src/rejections.ts";
import { memoryHarness } from "../memory-harness.ts";
import type { BrokenProvider } from "./broken-provider.ts";

/** The ids of the promises that a provider turns out to break. What it prints and leaves unhandled goes nowhere. */
export async function brokenPromises({ breakage, lacks }: BrokenProvider): Promise<readonly string[]> {
  const broken: string[] = [];
  await outputsDuring(async () => {
    await rejectionsDuring(async () => {
      for (const promise of providerPromises) {
        const verdict = await checkPromise(promise, memoryHarness(breakage, lacks));
        if (verdict.status === "broken") broken.push(verdict.error.id);
      }
    });
  });
  return broken;
}
