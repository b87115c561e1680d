import { describe, expect, test } from "vitest";
import { toMarkdown } from "./markdown.ts";
import { suites } from "./suites.ts";

describe.each(Object.entries(suites))("%s", (_, benchmarks) => {
  test.for(Object.entries(benchmarks))(
    "%s runs, and has a figure in every cell",
    async ([_, benchmark], context) => {
      if (benchmark.missing !== undefined) context.skip(benchmark.missing);
      const report = await benchmark.tiny();
      expect(report.rows.length).toBeGreaterThan(1);
      for (const { name, figures } of report.rows) {
        expect(figures, name).toHaveLength(report.columns.length);
        for (const figure of figures) expect(samplesOf(figure), name).not.toEqual([]);
      }
      expect(toMarkdown(report)).not.toMatch(/NaN|undefined|Infinity/);
    },
  );
});

function samplesOf(figure: string | { readonly samples: readonly number[] }): unknown {
  return typeof figure === "string" ? [...figure] : figure.samples;
}
