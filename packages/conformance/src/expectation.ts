import type { SecretReading } from "@keyward/core";
import { masked, type Needle } from "./needles.ts";
import type { ListingOutcome, Outcome } from "./outcome.ts";
import type { Stage } from "./stage.ts";
import { broke } from "./verdict.ts";

/** How a read ended, in words that show no value. */
export function tell(outcome: Outcome | ListingOutcome, stage: Stage): string {
  switch (outcome.status) {
    case "listed":
      return `it resolved to a listing of ${outcome.readings.size}`;
    case "found":
      return "it resolved to a value";
    case "absent":
      return "it resolved to `undefined`, which means absent";
    case "odd":
      return `it resolved to ${outcome.what}`;
    case "late":
      return `it had not settled after ${outcome.milliseconds} ms`;
    case "failed":
      return `it rejected with ${tellError(outcome.error, [...stage.values, ...stage.credentials])}`;
  }
}

/** An error's name and message without any value or credential. Its other fields may hold tokens. */
export function tellError(error: unknown, needles: readonly Needle[]): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
  return masked(text, needles);
}

/** Ends the check unless the read found exactly this value. */
export function expectValue(when: string, outcome: Outcome, value: string, stage: Stage): SecretReading {
  if (outcome.status !== "found") broke(`${when}: expected the seeded value, but ${tell(outcome, stage)}.`);
  if (outcome.reading.value !== value) broke(`${when}: ${difference(outcome.reading.value, value)}.`);
  return outcome.reading;
}

/** Where two values part, without showing either. */
export function difference(got: string, wanted: string): string {
  let index = 0;
  while (index < Math.min(got.length, wanted.length) && got[index] === wanted[index]) index += 1;
  return `the value has ${got.length} characters instead of ${wanted.length}, and differs from character ${index} on`;
}

export function expectAbsent(when: string, outcome: Outcome, stage: Stage): void {
  if (outcome.status !== "absent") broke(`${when}: expected \`undefined\`, but ${tell(outcome, stage)}.`);
}

/** Ends the check if the read found something. Whether it is absent or failed is another promise's affair. */
export function expectNotFound(when: string, outcome: Outcome, stage: Stage): void {
  if (outcome.status === "absent" || outcome.status === "failed") return;
  broke(`${when}: expected nothing to be found, but ${tell(outcome, stage)}.`);
}

/** Ends the check unless the read failed. */
export function expectFailure(when: string, outcome: Outcome | ListingOutcome, stage: Stage): unknown {
  if (outcome.status !== "failed") broke(`${when}: expected a rejection, but ${tell(outcome, stage)}.`);
  return outcome.error;
}
