/** What a member says to the leader. The number is the member's, and a claim keeps it to its end. */
export type Request =
  /** Who has decrypted this, less than so long ago? */
  | { readonly kind: "claim"; readonly id: number; readonly identity: string; readonly maxAgeMs: number }
  /** This is what it decrypted to. Follows "yours". */
  | { readonly kind: "told"; readonly id: number; readonly text: string }
  /** It could not be decrypted, or nobody wants it any more. Follows "yours". */
  | { readonly kind: "dropped"; readonly id: number };

/** What the leader says to a member: to each claim one at once, and after "wait" another. */
export type Answer =
  | { readonly kind: "known"; readonly id: number; readonly text: string; readonly ageMs: number }
  /** Nobody knows. Decrypt it and tell: others may wait for it. */
  | { readonly kind: "yours"; readonly id: number }
  /** Another is about to find out. */
  | { readonly kind: "wait"; readonly id: number }
  /** Whoever was to find out did not, or takes too long. */
  | { readonly kind: "unknown"; readonly id: number };

export function parseRequest(line: string): Request | undefined {
  const { kind, id, identity, maxAgeMs, text } = fieldsOf(line);
  if (typeof id !== "number") return undefined;
  if (kind === "claim" && typeof identity === "string" && isDuration(maxAgeMs)) {
    return { kind, id, identity, maxAgeMs };
  }
  if (kind === "told" && typeof text === "string") return { kind, id, text };
  return kind === "dropped" ? { kind, id } : undefined;
}

export function parseAnswer(line: string): Answer | undefined {
  const { kind, id, text, ageMs } = fieldsOf(line);
  if (typeof id !== "number") return undefined;
  if (kind === "known" && typeof text === "string" && isDuration(ageMs)) return { kind, id, text, ageMs };
  return kind === "yours" || kind === "wait" || kind === "unknown" ? { kind, id } : undefined;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {}; // Its message would quote the line.
  }
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
