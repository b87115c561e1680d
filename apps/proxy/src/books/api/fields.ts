import type { ApiError } from "../../server/answers.ts";
import { refusal } from "../refusals.ts";

/** A request about keys that cannot be carried out, thrown to its handler's caller. */
export class Refused extends Error {
  readonly answer: ApiError;

  constructor(answer: ApiError) {
    super("refused");
    this.answer = answer;
  }
}

export function bad(message: string, param?: string): Refused {
  return new Refused(refusal("invalid_key_request", message, param === undefined ? {} : { param }));
}

export type Body = { readonly [key: string]: unknown };

/** @throws Refused */
export function readObject(text: string): Body {
  const value = text.trim() === "" ? {} : parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw bad("The body must be a JSON object");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text, which may hold a key.
    throw bad("The body is not valid JSON");
  }
}

/** A field as it was sent: `undefined` when it was not, `null` when it was emptied. @throws Refused */
export function field<T>(
  body: Body,
  name: string,
  expected: string,
  accept: (value: unknown) => T | undefined,
): T | null | undefined {
  const value = body[name];
  if (value === undefined || value === null) return value;
  const accepted = accept(value);
  if (accepted === undefined) throw bad(`"${name}" must be ${expected}`, name);
  return accepted;
}

export const asText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && !value.includes("\0") ? value : undefined;

export const asCount = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** Up to nine million dollars: more would not be counted exactly. */
export const asMoney = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 && value < 9e6 ? value : undefined;

export const asFlag = (value: unknown): boolean | undefined =>
  typeof value === "boolean" ? value : undefined;

export const asTexts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((item) => asText(item) !== undefined) ? value : undefined;

export const asObject = (value: unknown): object | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
