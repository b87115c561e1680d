/** One line of a table: who did the work, and a figure for each column. */
export interface Row {
  readonly name: string;
  readonly figures: readonly Figure[];
}

/** Text stands as it is; samples of several rounds are shown as their median and their spread. */
export type Figure = string | Samples;

export interface Samples {
  readonly unit: string;
  readonly samples: readonly number[];
}

export interface Report {
  readonly title: string;
  /** What was done, so that the figures can be judged without opening the source. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A benchmark runs in a process of its own, so that none meets another's heap or compiled code. */
export interface Benchmark {
  readonly nodeFlags?: readonly string[];
  /** Why it cannot run on this machine, as a sentence. */
  readonly missing?: string | undefined;
  /** In the size its figures are quoted for. */
  full(): Promise<Report>;
  /** In the smallest size that still runs all of it; its figures mean nothing. */
  tiny(): Promise<Report>;
}
