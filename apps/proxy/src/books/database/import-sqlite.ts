/**
 * Loads `node:sqlite` without the warning that it is experimental: an operator can do nothing about it, and would
 * take it for a fault. Every other warning is passed on.
 */
export async function importSqlite(): Promise<typeof import("./sqlite.ts")> {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const type =
      typeof rest[0] === "object" && rest[0] !== null && "type" in rest[0] ? rest[0].type : rest[0];
    const text = typeof warning === "string" ? warning : warning.message;
    if (type === "ExperimentalWarning" && text.startsWith("SQLite ")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return await import("./sqlite.ts");
  } finally {
    process.emitWarning = emitWarning;
  }
}
