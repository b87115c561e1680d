import { readFile } from "node:fs/promises";
import { llmErrors } from "@keyward/llm";
import { expect, test } from "vitest";
import { booksErrors } from "./books/refusals.ts";
import { apiErrors } from "./server/answers.ts";
import { endpoints } from "./server/routes.ts";

test("the README lists every error with its status, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const listed = Array.from(readme.matchAll(/^\| (\d+|any) +\| `(\w+)` +\|/gm), ([, status, code]) => [
    code,
    status,
  ]);
  const known = Object.entries(llmErrors).map(([code, { status }]) => [code, String(status)]);
  const own = Object.entries({ ...apiErrors, ...booksErrors }).map(([code, status]) => [
    code,
    String(status),
  ]);
  expect(Object.fromEntries(listed)).toEqual({
    ...Object.fromEntries([...known, ...own]),
    upstream_refused: "any",
  });
});

test("the README lists every endpoint and whether it needs a key, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const rows = readme.matchAll(/^\| (GET|POST) +\| `([^`]+)` +\|[^|]+\| (yes|no) +\|/gm);
  const listed = Array.from(rows, ([, method, path, key]) => `${method} ${path} ${key}`);
  const known = endpoints.map(({ method, path, open }) => {
    const shown = path.replace(/^(\/openai\/deployments\/\{model\}\/).*/, "$1...");
    return `${method} ${shown} ${open === true ? "no" : "yes"}`;
  });
  expect(new Set(listed)).toEqual(new Set(known));
});
