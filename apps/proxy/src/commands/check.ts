import { loadConfig } from "../config/load-config.ts";
import { ConfigError, formatProblems } from "../config/problem.ts";

export interface CheckOptions {
  readonly config: string;
  readonly print: (line: string) => void;
}

/**
 * Reads every secret that a configuration refers to and prints where each came from, never what it is.
 * @returns whether the configuration can be served
 */
export async function check({ config: file, print }: CheckOptions): Promise<boolean> {
  try {
    const config = await loadConfig({ file });
    for (const line of formatProblems(file, config.warnings)) print(line);
    const rows = await Promise.all(
      config.references.map(async ({ place, reference }) => {
        const { provider, version = "" } = await config.secrets.read(reference);
        return [place, reference, provider, version];
      }),
    );
    await config.secrets.close();
    for (const line of table([["place", "reference", "found in", "version"], ...rows])) print(line);
    print(`${file}: ${config.models.length} models, ${rows.length} references, all resolved`);
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(error.message);
    return false;
  }
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
