import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failures } from "../src/failures.ts";
import { azureKeyVault } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The cells of the table under a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1")),
  );
}

test("the table of failures says what the code says, row by row", () => {
  const rows = Object.entries(failures).map(([reason, { kind, remedy }]) => [reason, kind, remedy]);
  expect(tableUnder("Failures")).toEqual(rows);
});

test("the table of options names the options that there are", () => {
  const misspelt = { env: {}, nonsense: true };
  expect(() => azureKeyVault(misspelt)).toThrow(
    `Its options are ${tableUnder("Options")
      .map(([name]) => name)
      .join(", ")}.`,
  );
});
