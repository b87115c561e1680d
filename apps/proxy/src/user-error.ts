/** A failure that its message explains to the person at the terminal: shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/**
 * What may be shown of any failure. One that is not expected keeps its message to itself, which may hold a secret
 * that no mask knows; where it happened is told.
 */
export function explainFailure(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return "internal error";
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return [`internal error (${error.name})`, ...frames].join("\n");
}
