import type { Figure, Report } from "./benchmark.ts";
import { median } from "./rounds.ts";

export function toMarkdown({ title, method, columns, rows }: Report): string {
  const table = [
    ["", ...columns],
    ["---", ...columns.map(() => "---:")],
    ...rows.map(({ name, figures }) => [name, ...figures.map(show)]),
  ];
  return [`### ${title}`, "", method, "", ...table.map((cells) => `| ${cells.join(" | ")} |`), ""].join("\n");
}

/** `31 ns (29 to 44)`: the median, and the least and the greatest of all rounds. */
export function show(figure: Figure): string {
  if (typeof figure === "string") return figure;
  const { unit, samples } = figure;
  const [middle, least, greatest] = [median(samples), Math.min(...samples), Math.max(...samples)].map(round);
  return `${middle} ${unit} (${least} to ${greatest})`;
}

function round(figure: number): string {
  const digits = Math.abs(figure) < 10 && !Number.isInteger(figure) ? 1 : 0;
  return figure.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
