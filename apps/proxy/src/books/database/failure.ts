import { NewerSchemaError } from "./newer-schema.ts";

/**
 * Says why the database gave no answer, in words that are safe to log. What drivers say is left out: it may quote the
 * URL, with its password, or the values of a query.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof NewerSchemaError) return error.message;
  const code = codeOf(error);
  return `${explanations[code] ?? "the database could not be asked"} (${code})`;
}

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at its address; is it running?",
  ENOTFOUND: "its host name cannot be resolved; check general_settings.database_url",
  EAI_AGAIN: "its host name cannot be resolved at the moment; check the DNS",
  ETIMEDOUT: "it did not answer in time",
  ECONNRESET: "it closed the connection",
  ERR_INVALID_URL:
    "general_settings.database_url is not a URL: write postgresql://user:password@host:5432/name",
  "28P01": "it refuses the user or password in general_settings.database_url",
  "28000": "it refuses this user; check its pg_hba.conf",
  "3D000": "it has no database of that name; create it, or check general_settings.database_url",
  "42501": "the user may not create tables: grant it CREATE on the schema",
  "53300": "it has too many connections already",
  "57P01": "it is shutting down",
  "57P03": "it is starting up",
  ERR_SQLITE_ERROR: "the SQLite file cannot be used; is its folder writable, and the file a database?",
  TooManyReadings: "too many keys that nobody knows are being looked up at once; is somebody guessing?",
  EACCES: "the data folder may not be written; set general_settings.data_folder",
  EROFS: "the data folder is read-only; set general_settings.data_folder",
};

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  // pg gives its own timeouts and broken connections no code.
  return /timeout/i.test(error.message)
    ? "ETIMEDOUT"
    : /terminated/i.test(error.message)
      ? "ECONNRESET"
      : error.name;
}

/** Whether two rows would have had the same unique value. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "23505") return true;
  return "errcode" in error && (error.errcode === 2067 || error.errcode === 1555);
}
