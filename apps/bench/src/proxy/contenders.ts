import type { Contender } from "./contender.ts";
import { floor } from "./floor.ts";
import { keyward } from "./keyward.ts";
import { nginx } from "./nginx.ts";

/** The floor first: the others are compared with it. */
export const contenders: readonly Contender[] = [floor, keyward(), nginx];

export function presentOnes(all: readonly Contender[]): readonly Contender[] {
  return all.filter(({ missing }) => missing === undefined);
}

/** A sentence for each that cannot take part. */
export function missingOnes(all: readonly Contender[]): string {
  return all.flatMap(({ missing }) => missing ?? []).join(" ");
}
