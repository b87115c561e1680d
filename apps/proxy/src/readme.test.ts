import { readFile } from "node:fs/promises";
import { llmErrors } from "@keyward/llm";
import { expect, test } from "vitest";
import { apiErrors } from "./server/answers.ts";

test("the README lists every error with its status, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const listed = Array.from(readme.matchAll(/^\| (\d+|any) +\| `(\w+)` +\|/gm), ([, status, code]) => [
    code,
    status,
  ]);
  const known = Object.entries(llmErrors).map(([code, { status }]) => [code, String(status)]);
  const own = Object.entries(apiErrors).map(([code, status]) => [code, String(status)]);
  expect(Object.fromEntries(listed)).toEqual({
    ...Object.fromEntries([...known, ...own]),
    upstream_refused: "any",
  });
});
