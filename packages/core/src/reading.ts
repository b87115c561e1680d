import { SecretError } from "./errors.ts";
import type { SecretReading } from "./provider.ts";

/** Holds a provider to its word: a reading with a string, or `undefined`. @throws SecretError `invalid`. */
export function checkReading(answer: unknown): SecretReading | undefined {
  if (answer === undefined || isReading(answer)) return answer;
  throw broken(`a reading whose value is ${kindOf(answer)}, where only a string is one`);
}

/** @throws SecretError `invalid`. */
export function checkListing(answer: unknown): ReadonlyMap<string, SecretReading> {
  if (!(answer instanceof Map)) throw broken("a listing that is not a Map");
  for (const reading of answer.values()) {
    if (!isReading(reading))
      throw broken(`a reading whose value is ${kindOf(reading)}, where only a string is one`);
  }
  return answer;
}

function isReading(answer: unknown): answer is SecretReading {
  return (
    typeof answer === "object" && answer !== null && "value" in answer && typeof answer.value === "string"
  );
}

function kindOf(answer: unknown): string {
  if (typeof answer !== "object" || answer === null)
    return answer === null ? "null" : `a bare ${typeof answer}`;
  return "value" in answer ? `a ${typeof answer.value}` : "missing";
}

function broken(what: string): SecretError {
  return new SecretError({
    code: "invalid",
    message: `The provider returned ${what}. This is a fault in the provider: run @keyward/conformance on it.`,
  });
}
