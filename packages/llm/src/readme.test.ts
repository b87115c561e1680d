import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { llmErrors } from "./errors.ts";

test("the README lists every error with its status, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const rows = readme.split("## Errors")[1]?.matchAll(/^\| `(\w+)` +\| (\d+|the upstream's) +\|/gm) ?? [];
  const listed = Object.fromEntries(Array.from(rows, ([, code, status]) => [code, status]));
  const known = Object.entries(llmErrors).map(([code, { status }]) => [code, String(status)]);
  expect(listed).toEqual({ ...Object.fromEntries(known), upstream_refused: "the upstream's" });
});
