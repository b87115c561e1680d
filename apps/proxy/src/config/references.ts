import { isReference } from "@keyward/core";
import type { Plain } from "./config-document.ts";
import { formatPath, type Path } from "./path.ts";

export interface FoundReference {
  /** As `model_list[0].litellm_params.api_key`. */
  readonly place: string;
  readonly reference: string;
}

/** Every reference in a configuration, in its order. */
export function findReferences(value: Plain, path: Path = []): FoundReference[] {
  if (typeof value === "string")
    return isReference(value) ? [{ place: formatPath(path), reference: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => findReferences(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) => findReferences(item, [...path, key]));
}

/** The name in a reference, for people: `OPENAI_API_KEY`. */
export function referenceName(reference: string): string {
  return reference.replace(/^os\.environ\//, "");
}
