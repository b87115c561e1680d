import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { isStoreName, type Store, stores } from "../compose.ts";

/** Every option that a store knows, as it tells whoever writes one that it does not. */
function optionsOf<T>(store: Store<T>): string[] {
  const told: string[] = [];
  const notes = { error() {}, warn: (_: unknown, message: string) => void told.push(message) };
  store.options({ "no option is called this": 1 }, [], notes);
  return /known here are (.*)$/.exec(told[0] ?? "")?.[1]?.split(", ") ?? [];
}

test("the README lists every store with its options and variables, and no other", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const section = /^## Stores$(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const names = (cell = "") => Array.from(cell.matchAll(/`([A-Za-z_]+)`/g), ([, name]) => name ?? "");
  const rows = section.split("\n").filter((line) => /^\| `/.test(line));
  const listed = rows.map((row) => row.split("|").slice(1, 4));
  const builtIn = listed.filter(([store]) => isStoreName(names(store)[0] ?? ""));
  expect(builtIn.map(([store]) => names(store)[0]).sort()).toEqual(Object.keys(stores).sort());
  for (const [name, options, variables] of builtIn) {
    const key = names(name)[0] ?? "";
    if (!isStoreName(key)) continue;
    // What stands in parentheses are values.
    const written = names(options?.replace(/\([^)]*\)/g, ""));
    const known = optionsOf<never>(stores[key] as Store<never>);
    expect(["id", ...written].sort(), key).toEqual(known.sort());
    expect(names(variables).sort(), key).toEqual([...(stores[key].variables ?? [])].sort());
  }
});
