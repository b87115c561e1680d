import { inspect } from "node:util";
import { type Needle, needleIn } from "./needles.ts";

// An SDK's error reaches sockets and agents; beyond this it is no longer the error that leaks.
const mostObjects = 50_000;

/**
 * Looks for texts in everything that can be got out of a thrown thing: its printed forms, and every own property,
 * hidden ones and symbols included, through causes, collections and buffers, however deep.
 *
 * @returns what was found and where, in words that hold nothing of it; `undefined` if nothing was.
 */
export function findLeak(thrown: unknown, needles: readonly Needle[]): string | undefined {
  for (const [how, print] of printedForms) {
    const found = needleIn(
      printed(() => print(thrown)),
      needles,
    );
    if (found !== undefined) return `${walk(thrown, needles) ?? `${found.what} in ${how}`}`;
  }
  return walk(thrown, needles);
}

const printedForms: readonly (readonly [string, (thrown: unknown) => string])[] = [
  ["String(error)", (thrown) => String(thrown)],
  ["JSON.stringify(error)", (thrown) => JSON.stringify(thrown) ?? ""],
  // Deeper, a graph with shared parts takes for ever to print; the walk below has no such limit.
  ["util.inspect(error)", (thrown) => inspect(thrown, { depth: 6, showHidden: true, maxStringLength: null })],
];

function printed(print: () => string): string {
  try {
    return print();
  } catch {
    // What cannot be printed that way (a cycle, a hostile toString) does not leak that way.
    return "";
  }
}

function walk(root: unknown, needles: readonly Needle[]): string | undefined {
  const queue: [unknown, string][] = [[root, "error"]];
  const seen = new Set<object>();
  for (let next = queue.shift(); next !== undefined && seen.size < mostObjects; next = queue.shift()) {
    const [value, path] = next;
    const text = textOf(value);
    const found = text === undefined ? undefined : needleIn(text, needles);
    if (found !== undefined) return `${found.what} at ${path}`;
    if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    for (const [child, name] of childrenOf(value)) {
      const inName = needleIn(name, needles);
      if (inName !== undefined) return `${inName.what} in the name of a property of ${path}`;
      queue.push([child, `${path}${name}`]);
    }
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (ArrayBuffer.isView(value))
    return utf8(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  if (value instanceof ArrayBuffer) return utf8(value);
  return undefined;
}

function utf8(bytes: ArrayBufferLike): string {
  return Buffer.from(new Uint8Array(bytes)).toString("utf8");
}

function* childrenOf(value: object): Generator<readonly [unknown, string]> {
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield [key, "<key>"];
      yield [item, `[${String(key)}]`];
    }
  }
  if (value instanceof Set) for (const item of value) yield [item, "<item>"];
  for (const key of Reflect.ownKeys(value)) {
    yield [property(value, key), typeof key === "symbol" ? `[${String(key)}]` : `.${key}`];
  }
}

function property(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    // A getter that throws shows nothing.
    return undefined;
  }
}
