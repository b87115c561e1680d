import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { formatPath, type Path } from "./path.ts";
import type { Problem } from "./problem.ts";
import { readsOn, yamlMistakes } from "./yaml-mistakes.ts";

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** A configuration as plain data that still knows where each part of it was written. */
export interface ConfigDocument {
  readonly data: { readonly [key: string]: Plain };
  readonly problems: readonly Problem[];
  /** The place of a key or an entry, named as `formatPath` does; of the nearest one around it, for what is not there. */
  locate(path: string): { readonly line: number; readonly column: number };
}

export function parseConfig(text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const problems = yamlMistakes(document, lines, text);
  const places = new Map<string, number>();
  const { contents } = document;
  const beginning = { line: 1, column: 1 };
  if (contents !== null && !isMap(contents) && problems.length === 0) {
    const message = 'not a configuration: expected YAML that begins with a key, such as "model_list:"';
    problems.push({ severity: "error", ...beginning, message });
  }
  const usable = isMap(contents) && readsOn(document);
  const data = usable ? plainMap(contents, []) : {};

  function plainMap(map: YAMLMap, path: Path): { [key: string]: Plain } {
    const plain: { [key: string]: Plain } = {};
    for (const { key, value } of map.items) {
      if (isScalar(key) && typeof key.value === "symbol") {
        Object.assign(plain, merged(value, path, plain));
        continue;
      }
      const name = String(isScalar(key) ? key.value : key);
      const inner = [...path, name];
      if (isScalar(key) && key.range) places.set(formatPath(inner), key.range[0]);
      // Defined, not assigned: `__proto__` is a key like any other.
      const property = { value: plainOf(value, inner), enumerable: true, writable: true, configurable: true };
      Object.defineProperty(plain, name, property);
    }
    return plain;
  }

  /** What `<<` brings in; keys that are there already win. */
  function merged(value: unknown, path: Path, own: object): { [key: string]: Plain } {
    const source = isAlias(value) ? target(value) : value;
    if (isSeq(source)) {
      return Object.assign({}, ...source.items.map((item) => merged(item, path, own)).reverse());
    }
    if (!isMap(source)) return {};
    return Object.fromEntries(
      Object.entries(plainMap(source, path)).filter(([key]) => !Object.hasOwn(own, key)),
    );
  }

  function target(alias: Alias): Node | undefined {
    const node = alias.resolve(document);
    const [start = 0, , end = 0] = alias.range ?? [];
    const [from = 0, , to = 0] = node?.range ?? [];
    if (node !== undefined && !(from <= start && end <= to)) return node;
    const { line, col: column } = lines.linePos(start);
    const message = "not valid YAML: this alias names no anchor that is complete before it";
    problems.push({ severity: "error", line, column, message });
    return undefined;
  }

  function plainOf(node: unknown, path: Path): Plain {
    if (isAlias(node)) return plainOf(target(node), path);
    if (isMap(node)) return plainMap(node, path);
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const inner = [...path, index];
        const { range } = item as Node;
        if (range) places.set(formatPath(inner), range[0]);
        return plainOf(item, inner);
      });
    }
    const value = isScalar(node) ? node.value : null;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : null;
  }

  return {
    data,
    problems,
    locate(path) {
      for (let rest = path; rest !== ""; rest = rest.replace(/(\[\d+\]|\.?[^.[\]]*)$/, "")) {
        const offset = places.get(rest);
        if (offset === undefined) continue;
        const { line, col } = lines.linePos(offset);
        return { line, column: col };
      }
      return beginning;
    },
  };
}
