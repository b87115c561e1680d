import type { FailureReason } from "./failures.ts";

/** A line of a file that means to give a name a value. */
export interface Assignment {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  /** Why the parser drops the line, or hands on its value with half a pair of quotes. */
  readonly fault: FailureReason | undefined;
}

const assignment = /[^\S\n]*(?:export[^\S\n]+)?([^\s=:#'"`]+)(\s*)([=:])([^\n]*)/y;
const quoted = /\s*(['"`])(?:\\\1|(?!\1)[\s\S])*\1[^\S\n]*(?:#[^\n]*)?(?=\n|$)/y;

/**
 * Which lines assign, for what `parse` of dotenv does not tell: it leaves out what it cannot read without a word.
 * Values are the parser's business; this looks at them only to know where a quoted one ends.
 */
export function* assignments(text: string): Generator<Assignment> {
  let line = 1;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;

    assignment.lastIndex = start;
    const [found, name, space, separator, rest] = assignment.exec(text) ?? [];
    if (found !== undefined && name !== undefined && rest !== undefined && !rest.startsWith("//")) {
      const valueAt = start + found.length - rest.length;
      quoted.lastIndex = valueAt;
      const closes = /^\s*['"`]/.test(rest) && quoted.test(text);
      if (closes) end = quoted.lastIndex;
      const readable =
        /^[\w.-]+$/.test(name) &&
        name !== "__proto__" &&
        (separator === "=" || (space === "" && /^\s/.test(rest)));
      const fault = !readable ? "line-malformed" : closes || balanced(rest) ? undefined : "quote-unclosed";
      yield { name, line, fault };
    }

    for (let at = start; at < end; at++) if (text[at] === "\n") line++;
    start = end + 1;
    line++;
  }
}

/** Whether the value has no quote in front, or one that the parser takes off: `A="{"b":1}"` is `{"b":1}`. */
function balanced(rest: string): boolean {
  const value = rest.replace(/#.*$/, "").trim();
  const quote = /^['"`]/.exec(value)?.[0];
  return quote === undefined || (value.length > 1 && value.endsWith(quote));
}
