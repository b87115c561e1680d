import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "..");
const report = join(folder, "api", "core.api.md");

it("api/core.api.md shows the public API as it is: refresh it with `pnpm run api`", () => {
  expect(existsSync(join(folder, "dist", "index.d.ts")), "there is no dist: `pnpm run build` first").toBe(
    true,
  );
  const config = ExtractorConfig.loadFileAndPrepare(join(folder, "api-extractor.json"));
  const messages: string[] = [];
  const result = Extractor.invoke(config, {
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === "warning" || message.logLevel === "error") messages.push(message.text);
    },
  });
  expect(messages).toEqual([]);
  expect(result.apiReportChanged).toBe(false);
});

it("every export says what it is", () => {
  const undocumented = readFileSync(report, "utf8").match(/@public \(undocumented\)\nexport .*/g);
  expect(undocumented ?? []).toEqual([]);
});
