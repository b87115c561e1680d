import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { callErrors, llmErrors } from "./errors.ts";
import { providerTable } from "./provider-table.ts";
import { routerDefaults } from "./routing/settings.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

/** The cells of a section's table, without its head. */
function rowsOf(section: string): string[][] {
  const text = readme.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the README lists every error with its status, and no other", () => {
  const listed = rowsOf("Errors").map(([code = "", status]) => [code.replaceAll("`", ""), status]);
  const known = Object.entries({ ...llmErrors, ...callErrors }).map(([code, { status }]) => [
    code,
    String(status),
  ]);
  const expected = { ...Object.fromEntries(known), upstream_refused: "the upstream's" };
  expect(Object.fromEntries(listed)).toEqual(expected);
});

test("the README lists every provider with its key and its base, and no other", () => {
  const expected = Object.entries(providerTable).map(([prefix, { keyName, base, baseName, baseExample }]) => [
    `\`${prefix}/\``,
    keyName === undefined ? "none" : `\`${keyName}\``,
    base === undefined ? `\`${baseName}\`, as \`${baseExample}\`` : `\`${base}\``,
  ]);
  expect(rowsOf("Providers")).toEqual(expected);
});

test("the README's settings have the defaults that the code has", () => {
  const listed = rowsOf("Settings").map(([name = "", , value]) => [name.replaceAll("`", ""), value]);
  for (const [name, value] of Object.entries(routerDefaults)) {
    expect(listed).toContainEqual([name, value.toLocaleString("en")]);
  }
});
