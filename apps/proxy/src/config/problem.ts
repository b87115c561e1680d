import { UserError } from "../user-error.ts";

export interface Problem {
  readonly severity: "error" | "warning";
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, and what to write instead. Never a value. */
  readonly message: string;
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigError extends UserError {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(formatProblems(file, problems).join("\n"));
    this.problems = problems;
  }
}

/** One line each, in the order of the file: `config.yaml:3:9: error: ...`, which terminals and editors link. */
export function formatProblems(file: string, problems: readonly Problem[]): string[] {
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ severity, line, column, message }) => `${file}:${line}:${column}: ${severity}: ${message}`);
}
