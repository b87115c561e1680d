/** The steps of an RFC 6901 pointer, or `undefined` if the text is none. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (!text.startsWith("/") || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export type Pointed =
  | { readonly found: string }
  /** Why there is no string at the end of the pointer. Holds nothing of the document. */
  | { readonly problem: string };

/** Follows a pointer into JSON text. Only a string is a secret: numbers and booleans would need coercion. */
export function follow(json: string, steps: readonly string[]): Pointed {
  let node: unknown;
  try {
    node = JSON.parse(json);
  } catch {
    // The parser's message quotes the text, which is the secret.
    return {
      problem: "the secret is not JSON, so the reference cannot point into it",
    };
  }
  for (const [index, step] of steps.entries()) {
    const next = descend(node, step);
    if (next === undefined)
      return {
        problem: `the secret's JSON has nothing at /${steps.slice(0, index + 1).join("/")}`,
      };
    node = next;
  }
  if (typeof node === "string") return { found: node };
  const kind =
    node === null ? "null" : Array.isArray(node) ? "an array" : `a ${typeof node}`.replace("a o", "an o");
  return {
    problem: `the secret's JSON has ${kind} at /${steps.join("/")}, and a secret is a string: put it in quotes`,
  };
}

function descend(node: unknown, step: string): unknown {
  if (Array.isArray(node)) return /^(0|[1-9]\d*)$/.test(step) ? node[Number(step)] : undefined;
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, step)) return undefined;
  return (node as Record<string, unknown>)[step];
}
