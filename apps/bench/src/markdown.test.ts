import { expect, test } from "vitest";
import { show, toMarkdown } from "./markdown.ts";

test("samples are shown as their median, the least and the greatest", () => {
  expect(show({ unit: "ms", samples: [30, 10, 1_000] })).toBe("30 ms (10 to 1,000)");
  expect(show({ unit: "ns", samples: [1.25, 2.5, 3.5, 40] })).toBe("3 ns (1.3 to 40)");
});

test("a report is a table under its title and method", () => {
  const rows = [{ name: "keyward", figures: ["1", { unit: "ms", samples: [5] }] }];
  const report = { title: "Reads", method: "Once.", columns: ["reads", "time"], rows };
  expect(toMarkdown(report).split("\n")).toEqual([
    "### Reads",
    "",
    "Once.",
    "",
    "|  | reads | time |",
    "| --- | ---: | ---: |",
    "| keyward | 1 | 5 ms (5 to 5) |",
    "",
  ]);
});
