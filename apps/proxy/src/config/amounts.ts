import type { Plain } from "./config-document.ts";
import { reader } from "./reader.ts";

/** In seconds. A timer takes no more than 2³¹ milliseconds, and fires at once when it is given more. */
const longest = 2_147_483;

/** How many times: a whole number. */
export const count = reader("a whole number, 0 or above", (value) => {
  const number = numberOf(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
});

/** How much of something, beside others. */
export const share = reader("a number, 0 or above", (value) => {
  const number = numberOf(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
});

/** Seconds after which something ends. */
export const limit = reader(`a number of seconds, above 0 and at most ${longest}`, (value) => {
  const number = numberOf(value);
  return number > 0 && number <= longest ? number : undefined;
});

/** Seconds for which something is put off. */
export const delay = reader(`a number of seconds, at most ${longest}`, (value) => {
  const number = numberOf(value);
  return number >= 0 && number <= longest ? number : undefined;
});

/** A reference resolves to text. */
function numberOf(value: Plain): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
