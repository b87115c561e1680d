import { formatLabels, type LabelValues, labelKey } from "./labels.ts";

interface Series {
  readonly values: LabelValues;
  /** How many fell between one bound and the one before; the last counts those over every bound. */
  readonly counts: number[];
  sum: number;
}

/** How long things take, in seconds, for each set of label values. */
export class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  /** @param bounds upper bounds in seconds, rising */
  constructor(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
    this.#bounds = bounds;
  }

  observe(seconds: number, ...values: LabelValues): void {
    const series = this.#seriesOf(values);
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] ?? 0)) index++;
    series.counts[index] = (series.counts[index] ?? 0) + 1;
    series.sum += seconds;
  }

  lines(): string[] {
    return [
      `# HELP ${this.#name} ${this.#help}`,
      `# TYPE ${this.#name} histogram`,
      ...Array.from(this.#series.values(), (series) => this.#linesOf(series)).flat(),
    ];
  }

  #seriesOf(values: LabelValues): Series {
    const key = labelKey(values);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = { values, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    return series;
  }

  #linesOf({ values, counts, sum }: Series): string[] {
    const name = this.#name;
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      const bound = String(this.#bounds[index] ?? "+Inf");
      return `${name}_bucket${formatLabels([...this.#labels, "le"], [...values, bound])} ${total}`;
    });
    const labels = formatLabels(this.#labels, values);
    return [...buckets, `${name}_sum${labels} ${sum}`, `${name}_count${labels} ${total}`];
  }
}
