import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type ProviderPromise, providerPromises } from "./index.ts";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");

test("the README's table of promises is the code's", async () => {
  const readme = await read("README.md");
  const section = readme.slice(readme.indexOf("## The promises"));
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.map(cellsOf)).toEqual(providerPromises.map(rowOf));
});

test("the README's examples are files that are compiled and run", async () => {
  const blocks = [...(await read("README.md")).matchAll(/```ts[^\n]*\n(.*?)```/gs)].map(([, code]) => code);
  const files = ["test/example/secret-folder.ts", "test/example/secret-folder.test.ts"];
  expect(blocks).toEqual(await Promise.all(files.map(read)));
});

test("the README's message of a broken promise is what a broken provider gets", async () => {
  const readme = await read("README.md");
  const promise = providerPromises.find(({ id }) => id === "outage-is-thrown");
  expect(readme).toContain(`The promise "${promise?.id}" is broken: ${promise?.title}.`);
  expect(readme).toContain(`What to do: ${promise?.remedy}`);
});

test("ids are unique and in kebab-case", () => {
  const ids = providerPromises.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
});

function cellsOf(row: string): readonly string[] {
  return row
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

function rowOf({ id, title, needs = [], needsOneOf, onlyWithout }: ProviderPromise): readonly string[] {
  const needed = [...needs, ...(needsOneOf === undefined ? [] : [needsOneOf.join(" or ")])];
  return [`\`${id}\``, title, onlyWithout === undefined ? needed.join(", ") : `no ${onlyWithout}`];
}
