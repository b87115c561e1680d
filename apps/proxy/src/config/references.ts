import type { Plain } from "./config-document.ts";
import type { Path } from "./path.ts";

/** Whether a value stands for a secret rather than for itself. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && (value.startsWith("os.environ/") || value.startsWith("secret://"));
}

export interface FoundReference {
  readonly path: Path;
  readonly reference: string;
}

/** Every reference in a configuration, in its order. */
export function findReferences(value: Plain, path: Path = []): FoundReference[] {
  if (isReference(value)) return [{ path, reference: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => findReferences(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => findReferences(item, [...path, key]));
}

/** The name in a reference, for people: `OPENAI_API_KEY`. */
export function referenceName(reference: string): string {
  return reference.replace(/^os\.environ\//, "");
}
