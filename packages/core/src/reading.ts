import { SecretError } from "./errors.ts";
import type { SecretReading } from "./provider.ts";

const dates = ["createdAt", "updatedAt", "expiresAt"] as const;

/** Holds a provider to its word: a reading as the contract has it, or `undefined`. @throws SecretError `invalid`. */
export function checkReading(answer: unknown): SecretReading | undefined {
  if (answer === undefined || isReading(answer)) return answer;
  throw broken(faultOf(answer));
}

/** @throws SecretError `invalid`. */
export function checkListing(answer: unknown): ReadonlyMap<string, SecretReading> {
  if (!(answer instanceof Map)) throw broken("a listing that is not a Map");
  for (const reading of answer.values()) {
    if (!isReading(reading)) throw broken(faultOf(reading));
  }
  return answer;
}

function isReading(answer: unknown): answer is SecretReading {
  if (!isObject(answer) || typeof answer.value !== "string") return false;
  const { version } = answer;
  return (
    (version === undefined || typeof version === "string") && dates.every((name) => isDate(answer[name]))
  );
}

function isObject(answer: unknown): answer is Record<string, unknown> {
  return typeof answer === "object" && answer !== null;
}

/** Not by `instanceof`: a Date may come from another realm. */
function isDate(date: unknown): boolean {
  if (date === undefined) return true;
  return Object.prototype.toString.call(date) === "[object Date]" && !Number.isNaN(Number(date));
}

function faultOf(answer: unknown): string {
  if (!isObject(answer))
    return `${answer === null ? "null" : `a bare ${typeof answer}`}, which is no reading`;
  if (!("value" in answer)) return "a reading without a value";
  if (typeof answer.value !== "string")
    return `a reading whose value is of type ${typeof answer.value}, where only a string is one`;
  const date = dates.find((name) => !isDate(answer[name]));
  if (date !== undefined) return `a reading whose ${date} is no valid Date`;
  return `a reading whose version is of type ${typeof answer.version}, where only a string is one`;
}

function broken(what: string): SecretError {
  return new SecretError({
    code: "invalid",
    message: `The provider returned ${what}. This is a fault in the provider: run @keyward/conformance on it.`,
  });
}
