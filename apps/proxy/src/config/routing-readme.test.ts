import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { files, load } from "../../test/running-proxy.ts";
import { routerSettings } from "./routing-sections.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const section = /^## Routing\n(.*?)^## /ms.exec(readme)?.[1] ?? "";

/** What is said of a setting that has no usable value. */
function told(key: string): string {
  const lines: string[] = [];
  const tell = (_: unknown, message: string) => void lines.push(message);
  routerSettings({ [key]: [] }, ["router_settings"], { error: tell, warn: tell });
  return lines.join();
}

test("the README lists every setting that has an effect, and no other", () => {
  const known = told("entirely different")
    .replace(/^.*: known here are /, "")
    .split(", ");
  const active = known.filter((key) => !told(key).includes("no effect"));
  const rows = Array.from(section.matchAll(/^\| (`\w+`(?:, `\w+`)*) +\|/gm), ([, keys = ""]) => keys);
  const listed = rows.flatMap((keys) => keys.replaceAll("`", "").split(", "));
  // It is another name for `timeout`, and said so below the table; the first row is the table's head.
  expect(listed.slice(1).concat("request_timeout").toSorted()).toEqual(active.toSorted());
});

test("the README's example is taken without a word", async () => {
  const yaml = /```yaml\n(.*?)```/s.exec(section)?.[1] ?? "";
  const env =
    "EU_BASE=https://eu.example\nUS_BASE=https://us.example\nEU_KEY=1\nUS_KEY=2\nANTHROPIC_API_KEY=3\n";
  await using folder = await files({ "config.yaml": yaml, ".env": env });
  const { secrets, warnings, models } = await load(folder);
  await secrets.close();
  expect(warnings).toEqual([]);
  expect(models.map(({ name, weight }) => [name, weight])).toEqual([
    ["chat", 3],
    ["chat", 1],
    ["claude", undefined],
  ]);
});
