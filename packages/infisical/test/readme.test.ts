import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failures } from "../src/failures.ts";
import { infisical } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function rowsUnder(heading: string): string[][] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test("the table of failures is the code's, row by row", () => {
  const rows = Object.entries(failures).map(([reason, [kind, meaning, remedy]]) => [
    `\`${reason}\``,
    `\`${kind}\``,
    meaning,
    remedy,
  ]);
  expect(rowsUnder("Failures")).toEqual(rows);
});

test("the table of options is the code's", () => {
  const named = rowsUnder("Options").map(([option = ""]) => option.replaceAll("`", ""));
  const options = { token: "t", projectId: "p", environment: "e", env: {}, ...{ nonsense: 1 } };
  let message = "";
  try {
    infisical(options);
  } catch (error) {
    message = String(error);
  }
  const known = /the options are ([\w, ]+)/.exec(message)?.[1]?.split(", ");
  expect(named.toSorted()).toEqual(known?.toSorted());
});
