import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { failures } from "./failures.ts";
import { gcpKms } from "./index.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the README lists every failure and no other, with its kind and its remedy", () => {
  const table = readme.slice(readme.indexOf("## Failures"));
  const rows = [...table.matchAll(/^\| `([^`]+)` *\| `([^`]+)` *\| (.+?) *\|$/gm)].map((row) => row.slice(1));
  expect(rows).toEqual(Object.entries(failures).map(([reason, { kind, remedy }]) => [reason, kind, remedy]));
});

test("the README lists every option and no other", () => {
  const section = readme.split(/^## /m).find((text) => text.startsWith("Options\n")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  const misspelt: object = { nonsense: true };
  const known = (message: string) => /The options are ([\w, ]+)\./.exec(message)?.[1]?.split(", ");
  expect(() => gcpKms(misspelt)).toThrow(
    expect.toSatisfy(({ message }: Error) => known(message)?.sort().join() === listed.sort().join()),
  );
});

test.each(Object.entries(failures))(
  "%s says in whole sentences what is wrong and what to do",
  (reason, { remedy }) => {
    expect(reason).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(remedy.match(/[.:] [A-Z]/), "more than one sentence").not.toBeNull();
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  },
);
