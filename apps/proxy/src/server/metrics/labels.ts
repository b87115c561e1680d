/** The values of a metric's labels, in the order of its label names. */
export type LabelValues = readonly string[];

/** What tells one set of values from another. No label holds a line break: see {@link formatLabels}. */
export function labelKey(values: LabelValues): string {
  return values.join("\n");
}

/** `{endpoint="/v1/models",status="200"}` as Prometheus writes it; nothing where there are no labels. */
export function formatLabels(names: readonly string[], values: LabelValues): string {
  if (names.length === 0) return "";
  return `{${names.map((name, index) => `${name}="${escapeValue(values[index] ?? "")}"`).join(",")}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
