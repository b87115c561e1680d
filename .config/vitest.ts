import { defineConfig } from "vitest/config";

/** One setting for every package: figures for `.ci/run` come from the JSON report. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".report/vitest.json" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // For events that are waited for: importing an SDK can take a busy machine longer than the default, a second.
    expect: { poll: { timeout: 10_000 } },
  },
});
