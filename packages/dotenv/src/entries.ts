import { assignments } from "./assignments.ts";
import { DotenvFailure } from "./failures.ts";

/** What a name stands for: a value, or the reason why there is none to hand out. */
export type Entries = Map<string, string | DotenvFailure>;

/** What the text of one file says. The last line that names a variable decides, also if it cannot be read. */
export async function fileEntries(text: string, label: string): Promise<Entries> {
  const { parse } = await import("dotenv");
  const unix = text.replace(/\r\n?/g, "\n");
  const values = new Map(Object.entries(parse(unix)));
  const entries: Entries = new Map([...values].map(([name, value]) => [name, decrypted(value, label)]));
  for (const { name, line, fault } of assignments(unix)) {
    const place = `Line ${line} of ${label}`;
    const value = values.get(name);
    if (fault !== undefined) entries.set(name, new DotenvFailure(fault, place));
    else if (value === undefined) entries.set(name, new DotenvFailure("line-malformed", place));
    else entries.set(name, decrypted(value, place));
  }
  return entries;
}

export function environmentEntries(env: Readonly<Record<string, string | undefined>>): Entries {
  const entries: Entries = new Map();
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) entries.set(name, decrypted(value, `The environment variable ${name}`));
  }
  return entries;
}

/** dotenvx encrypts in place: without its key the text is ciphertext, which no caller may take for the secret. */
function decrypted(value: string, place: string): string | DotenvFailure {
  return value.startsWith("encrypted:") ? new DotenvFailure("value-encrypted", place) : value;
}
