import { isReference } from "@keyward/core";
import { closest, distance } from "fastest-levenshtein";
import type { Plain } from "./config-document.ts";
import type { Path } from "./path.ts";

/** Where readers put what they find wrong. */
export interface Notes {
  error(path: Path, message: string): void;
  warn(path: Path, message: string): void;
}

/** Reads one part of a configuration. Never throws: what is wrong goes to `notes`, and the result is `undefined`. */
export type Reader<T> = (value: Plain, path: Path, notes: Notes) => T | undefined;

/** A reader that takes a reference that could not be resolved for what it was meant to be: it is told elsewhere. */
export function reader<T>(expected: string, accept: (value: Plain) => T | undefined): Reader<T> {
  return (value, path, notes) => {
    const accepted = accept(value);
    const referred = typeof value === "string" && isReference(value);
    if (accepted === undefined && !referred) notes.error(path, `${label(path)} must be ${expected}`);
    return accepted;
  };
}

export const text = reader("text: put it in quotes", (value) =>
  typeof value === "string" ? value : undefined,
);

export const flag = reader("true or false", (value) => {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" || !/^(true|false)$/i.test(value)) return undefined;
  return value.toLowerCase() === "true";
});

/** A number above zero. */
export const amount = reader("a number above zero", (value) => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number > 0 ? number : undefined;
});

/** A number above zero, or none of it. */
export const amountOrNone = reader("a number, 0 or above", (value) => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number >= 0 ? number : undefined;
});

/** A number that is not below zero. */
export const cost = reader("a number of dollars", (value) => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number >= 0 ? number : undefined;
});

export const anything: Reader<Plain> = (value) => value;

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return reader(`one of ${choices.join(", ")}`, (value) => choices.find((choice) => choice === value));
}

export function list<T>(entry: Reader<T>): Reader<T[]> {
  return (value, path, notes) => {
    if (!Array.isArray(value)) {
      notes.error(path, `${label(path)} must be a list: begin each entry with "- "`);
      return undefined;
    }
    const entries = value.map((item, index) => entry(item, [...path, index], notes));
    // All or none: what is left must keep its place in the list.
    const read = entries.filter((item) => item !== undefined);
    return read.length === entries.length ? read : undefined;
  };
}

export function mapOf<T>(entry: Reader<T>): Reader<Map<string, T>> {
  return (value, path, notes) => {
    if (!isMapping(value)) return notMapping(path, notes);
    const read = new Map<string, T>();
    for (const [key, item] of Object.entries(value)) {
      const result = entry(item, [...path, key], notes);
      if (result !== undefined) read.set(key, result);
    }
    return read;
  };
}

export interface FieldOptions {
  /** Keys that must be there. */
  readonly required?: readonly string[];
  /** Keys that LiteLLM knows and Keyward does nothing about. */
  readonly inert?: readonly string[];
}

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { [K in keyof F]?: F[K] extends Reader<infer T> ? T : never };

/** A mapping with known keys. Others are a warning: a configuration may be newer than the program, or misspelt. */
export function fields<F extends Fields>(known: F, options: FieldOptions = {}): Reader<Read<F>> {
  const { required = [], inert = [] } = options;
  const names = [...Object.keys(known), ...inert];
  return (value, path, notes) => {
    if (!isMapping(value)) return notMapping(path, notes);
    const read: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const inner = [...path, key];
      const field = Object.hasOwn(known, key) ? known[key] : undefined;
      if (inert.includes(key)) notes.warn(inner, `"${key}" has no effect in this version of Keyward`);
      else if (field === undefined) notes.warn(inner, unknownKey(key, names));
      else if (item === null) notes.warn(inner, `"${key}" has no value: give it one, or remove it`);
      else read[key] = field(item, inner, notes);
    }
    for (const key of required) {
      const item = Object.hasOwn(value, key) ? value[key] : undefined;
      if (item === undefined || item === null) notes.error(path, `"${key}" is missing in ${label(path)}`);
    }
    return read as Read<F>;
  };
}

/** Says which of the known names a misspelt one is close to. */
export function unknownKey(key: string, names: readonly string[]): string {
  const near = nearest(key, names);
  if (near !== undefined) return `unknown key "${key}": did you mean "${near}"?`;
  return `unknown key "${key}": known here are ${names.join(", ")}`;
}

/** The name that a misspelt one was meant to be, if it is close to one. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const near = closest(name, [...names]);
  return distance(name, near) <= Math.max(2, near.length / 3) ? near : undefined;
}

function isMapping(value: Plain): value is { [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notMapping(path: Path, notes: Notes): undefined {
  notes.error(path, `${label(path)} must be a mapping: lines of "key: value" under it, indented`);
}

function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "the configuration";
  return typeof last === "number" ? `entry ${last + 1} of "${path.at(-2)}"` : `"${last}"`;
}
