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

export async function outcomeOf(read: () => Promise<unknown>, milliseconds: number): Promise<Outcome> {
  try {
    const answer = await within((async () => read())(), milliseconds);
    return answer === late ? { status: "late", milliseconds } : judge(answer);
  } catch (error) {
    return { status: "failed", error };
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
