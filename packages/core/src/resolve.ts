import { isSecretError, SecretError, type SecretProblem } from "./errors.ts";
import { embedsReference, isReference } from "./reference.ts";

interface Place {
  readonly path: string;
  readonly text: string;
  readonly put: (value: string) => void;
}

/**
 * A copy of a configuration with every reference replaced: strings that are references, in plain objects and arrays
 * at any depth. Other objects are passed on as they are.
 */
export async function resolveReferences<T>(
  config: T,
  get: (reference: string) => Promise<string>,
): Promise<T> {
  const places: Place[] = [];
  const root: { value?: unknown } = {};
  copyInto(
    config,
    "",
    (value) => {
      root.value = value;
    },
    places,
    new Map(),
  );
  const values = new Map<string, Promise<string>>();
  for (const { text } of places) {
    if (!values.has(text)) values.set(text, read(text, get));
  }
  await Promise.allSettled(values.values()); // or a failure that nobody waits for yet would end the process
  const problems: SecretProblem[] = [];
  for (const { path, text, put } of places) {
    try {
      put((await values.get(text)) ?? "");
    } catch (error) {
      problems.push({ path, error: asSecretError(error) });
    }
  }
  if (problems.length > 0) throw unresolved(problems);
  return root.value as T;
}

/** @throws SecretError whose message lists every problem with its path. */
export function unresolved(problems: readonly SecretProblem[]): SecretError {
  const lines = problems.map(({ path, error }) => `  ${path}: ${error.message}`);
  const count = problems.length === 1 ? "1 reference" : `${problems.length} references`;
  return new SecretError({
    code: "unresolved",
    problems,
    message: `${count} could not be resolved:\n${lines.join("\n")}`,
  });
}

export function asSecretError(error: unknown): SecretError {
  if (isSecretError(error)) return error;
  return new SecretError({
    code: "unknown",
    message: "The read failed for a reason that is not known.",
  });
}

async function read(text: string, get: (reference: string) => Promise<string>): Promise<string> {
  if (embedsReference(text)) throw notAlone(text);
  const value = await get(text);
  if (isReference(value)) throw nested(text);
  return value;
}

function copyInto(
  node: unknown,
  path: string,
  put: (value: unknown) => void,
  places: Place[],
  copies: Map<object, unknown>,
): void {
  if (typeof node === "string" && (isReference(node) || embedsReference(node))) {
    places.push({
      path: path === "" ? "(the value itself)" : path,
      text: node,
      put,
    });
    return;
  }
  const known = isContainer(node) ? copies.get(node) : node;
  if (!isContainer(node) || known !== undefined) {
    put(known);
    return;
  }
  if (Array.isArray(node)) {
    const copy: unknown[] = new Array(node.length);
    copies.set(node, copy);
    put(copy);
    for (const [index, item] of node.entries()) {
      copyInto(
        item,
        `${path}[${index}]`,
        (value) => {
          copy[index] = value;
        },
        places,
        copies,
      );
    }
    return;
  }
  const copy: object = Object.create(Object.getPrototypeOf(node));
  copies.set(node, copy);
  put(copy);
  for (const [name, item] of Object.entries(node)) {
    // defineProperty, because assigning to `__proto__` would change the copy's prototype.
    const define = (value: unknown) =>
      Object.defineProperty(copy, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    define(undefined);
    copyInto(item, path === "" ? name : `${path}.${name}`, define, places, copies);
  }
}

function isContainer(node: unknown): node is object {
  if (Array.isArray(node)) return true;
  if (typeof node !== "object" || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

function notAlone(text: string): SecretError {
  // Neither ":" nor "@" is quoted: a password in the clear may stand between them.
  const reference = /os\.environ\/[\w.-]*|secret:\/\/[\w.~%/?=#-]*/.exec(text)?.[0] ?? "a reference";
  return new SecretError({
    code: "invalid_reference",
    message: `"${reference}" stands inside a longer string, where references are not replaced: keep the whole string in the secret.`,
  });
}

function nested(text: string): SecretError {
  return new SecretError({
    code: "invalid_reference",
    key: text,
    message: `the secret behind "${text}" is itself a reference, and references do not nest: refer to the last one directly.`,
  });
}
