import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { SecretError, secretErrorCodes } from "../src/errors.ts";
import { cacheDefaults, deadlineDefaultMs, pollDefaults, retryDefaults } from "../src/policy.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the README's error table has every code, in order, and no other", () => {
  const codes = rowsOf("## Errors").map(([code = "", , retryable]) => [code.replaceAll("`", ""), retryable]);
  expect(codes).toEqual(
    secretErrorCodes.map((code) => [code, new SecretError({ code, message: "x" }).retryable ? "yes" : "no"]),
  );
});

test("the README's table of options has every number, with its default", () => {
  const documented = rowsOf("## What is kept").flatMap(([names = "", defaults = ""]) => {
    const [first = "", ...others] = names.replaceAll("`", "").split(", ");
    const section = first.includes(".") ? `${first.split(".")[0]}.` : "";
    const values = defaults.split(", ").map((text) => Number(text.replaceAll(",", "")));
    return [first, ...others.map((name) => section + name)].map((name, index) => [name, values[index]]);
  });
  const sections = { cache: cacheDefaults, retry: retryDefaults, poll: pollDefaults };
  const actual = Object.entries(sections).flatMap(([section, defaults]) =>
    Object.entries(defaults).map(([name, value]) => [`${section}.${name}`, value]),
  );
  expect(documented.sort()).toEqual([...actual, ["deadlineMs", deadlineDefaultMs]].sort());
});

/** The cells of the first table below a heading, without its head. */
function rowsOf(heading: string): string[][] {
  const [, section = ""] = readme.split(heading);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const rows = table.trimEnd().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
