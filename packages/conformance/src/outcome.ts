import type { SecretReading } from "@keyward/core";
import { late, within } from "./wait.ts";

/** How a read ended. */
export type Outcome =
  | { readonly status: "found"; readonly reading: SecretReading }
  | { readonly status: "absent" }
  | { readonly status: "failed"; readonly error: unknown }
  /** Resolved to something that is neither a reading nor `undefined`. */
  | { readonly status: "odd"; readonly what: string }
  | { readonly status: "late"; readonly milliseconds: number };

/** How a listing ended. */
export type ListingOutcome =
  | { readonly status: "listed"; readonly readings: ReadonlyMap<string, SecretReading> }
  | Exclude<Outcome, { readonly status: "found" | "absent" }>;

export async function listingOutcomeOf(
  list: () => Promise<unknown>,
  milliseconds: number,
): Promise<ListingOutcome> {
  const outcome = await settled(list, milliseconds);
  if (outcome.status !== "answered") return outcome;
  const { answer } = outcome;
  return answer instanceof Map
    ? { status: "listed", readings: answer }
    : { status: "odd", what: answer === undefined ? "`undefined`" : "something other than a Map" };
}

export async function outcomeOf(read: () => Promise<unknown>, milliseconds: number): Promise<Outcome> {
  const outcome = await settled(read, milliseconds);
  return outcome.status === "answered" ? judge(outcome.answer) : outcome;
}

async function settled(call: () => Promise<unknown>, milliseconds: number) {
  try {
    // Also what is thrown before there is a promise.
    const answer = await within((async () => call())(), milliseconds);
    return answer === late
      ? ({ status: "late", milliseconds } as const)
      : ({ status: "answered", answer } as const);
  } catch (error) {
    return { status: "failed", error } as const;
  }
}

function judge(answer: unknown): Outcome {
  if (answer === undefined) return { status: "absent" };
  if (!isReading(answer)) return { status: "odd", what: nameOf(answer) };
  return { status: "found", reading: answer };
}

function isReading(answer: unknown): answer is SecretReading {
  return (
    typeof answer === "object" && answer !== null && "value" in answer && typeof answer.value === "string"
  );
}

function nameOf(answer: unknown): string {
  if (answer === null) return "null";
  if (typeof answer !== "object") return `a bare ${typeof answer}`;
  if (!("value" in answer)) return "an object without `value`";
  return `a reading whose \`value\` is ${answer.value === null ? "null" : `of type ${typeof answer.value}`}`;
}
