import { formatLabels, type LabelValues, labelKey } from "./labels.ts";

/** A number for each set of label values that only grows. */
export class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #series = new Map<string, { readonly values: LabelValues; count: number }>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
  }

  increment(...values: LabelValues): void {
    const key = labelKey(values);
    const known = this.#series.get(key);
    if (known !== undefined) known.count++;
    else this.#series.set(key, { values, count: 1 });
  }

  lines(): string[] {
    return [
      `# HELP ${this.#name} ${this.#help}`,
      `# TYPE ${this.#name} counter`,
      ...Array.from(
        this.#series.values(),
        ({ values, count }) => `${this.#name}${formatLabels(this.#labels, values)} ${count}`,
      ),
    ];
  }
}
