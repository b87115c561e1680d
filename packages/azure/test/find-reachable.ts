/**
 * Which of the needles can be reached from a value: through any property, enumerable or not, getters, prototypes'
 * aside, maps, sets and buffers. What a debugger or an eager logger would find.
 */
export function findReachable(root: unknown, needles: readonly string[]): string[] {
  const found = new Set<string>();
  const seen = new Set<object>();
  const queue: { readonly value: unknown; readonly path: string }[] = [{ value: root, path: "error" }];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    const { value, path } = item;
    if (typeof value === "string" && needles.some((needle) => value.includes(needle))) found.add(path);
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value))
      continue;
    seen.add(value);
    if (value instanceof Uint8Array) {
      queue.push({ value: Buffer.from(value).toString("latin1"), path });
      continue;
    }
    const entries = value instanceof Map || value instanceof Set ? [...value.entries()].flat() : [];
    for (const entry of entries) queue.push({ value: entry, path: `${path}[]` });
    for (const key of Reflect.ownKeys(value)) {
      queue.push({ value: readOwn(value, key), path: `${path}.${String(key)}` });
    }
  }
  return [...found];
}

function readOwn(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    // A getter that throws hands out nothing.
    return undefined;
  }
}
