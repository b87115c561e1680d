import { type Document, isMap, isPair, isScalar, type LineCounter, visit, type YAMLParseError } from "yaml";
import type { Problem } from "./problem.ts";

/** What to do about it, where YAML's own message tells only what it expected. */
const remedies: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "an alias takes no tag and no anchor: remove them",
  BAD_ALIAS: "this alias names no anchor: define it with & above, or put the text in quotes",
  BAD_DIRECTIVE: "a line that begins with % is a directive: is this a YAML file?",
  BAD_DQ_ESCAPE: "this escape is unknown in double quotes: write \\\\ for a backslash, or use single quotes",
  BAD_SCALAR_START: "put the text in quotes",
  BLOCK_AS_IMPLICIT_KEY: "there is a second colon in this line: put the value in quotes, or begin a new line",
  BLOCK_IN_FLOW: "inside { } and [ ] write everything in their form",
  DUPLICATE_KEY: "this key is there twice: keep one of them",
  MULTILINE_IMPLICIT_KEY: "a key must be on one line with its colon: is the colon missing?",
  MULTIPLE_DOCS: "keep one document in the file: remove this --- and what follows it",
  TAB_AS_INDENT: "indent with spaces, not with tabs",
  TAG_RESOLVE_FAILED: "this tag is unknown: remove it, or put the text in quotes",
  UNEXPECTED_TOKEN: "this cannot stand here: put the text in quotes, or begin a new line",
};

/** Mistakes after which the rest of the file still reads as it was meant. */
const harmless = new Set(["BAD_INDENT", "DUPLICATE_KEY", "TAB_AS_INDENT"]);

export function yamlMistakes(document: Document.Parsed, lines: LineCounter, text: string): Problem[] {
  return document.errors.map((error) => {
    const [line, column] = placeOf(error.pos[0], lines, text);
    const indent = error.code === "BAD_INDENT" ? indentMistake(document, lines, line) : undefined;
    return indent ?? { severity: "error", line, column, message: messageOf(error) };
  });
}

export function readsOn(document: Document.Parsed): boolean {
  return document.errors.every((error) => harmless.has(error.code));
}

function messageOf(error: YAMLParseError): string {
  const remedy = remedies[error.code];
  // These two quote the text, which may be a key.
  if (remedy !== undefined) return `not valid YAML: ${remedy}`;
  return `not valid YAML (${error.code}): ${error.message.replace(/\s+/g, " ")}`;
}

/** A mistake at the beginning of a line is meant for the first thing in it. */
function placeOf(offset: number, lines: LineCounter, text: string): [line: number, column: number] {
  const { line, col } = lines.linePos(offset);
  const start = lines.lineStarts[line - 1] ?? offset;
  const indented = /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
  return [line, Math.max(col, indented + 1)];
}

/** A key that stands in another column than the keys of its mapping: says which, and by how much to move it. */
function indentMistake(document: Document.Parsed, lines: LineCounter, line: number): Problem | undefined {
  let problem: Problem | undefined;
  visit(document, {
    Map(_, map) {
      const keys = map.items.flatMap((pair) => (isPair(pair) && isScalar(pair.key) ? [pair.key] : []));
      const [first] = keys;
      const stray = keys.find(
        (key) => key !== first && key.range && lines.linePos(key.range[0]).line === line,
      );
      if (!isMap(map) || !first?.range || !stray?.range) return;
      const wanted = lines.linePos(first.range[0]).col;
      const { col } = lines.linePos(stray.range[0]);
      if (col === wanted) return;
      const spaces = Math.abs(col - wanted);
      const side = col > wanted ? "left" : "right";
      const by = `${spaces} ${spaces === 1 ? "space" : "spaces"}`;
      const message =
        `"${stray.value}" begins in column ${col}, but "${first.value}", which belongs to the same mapping, ` +
        `in column ${wanted}: move "${stray.value}" and all that is under it ${by} to the ${side}`;
      problem = { severity: "error", line, column: col, message };
    },
  });
  return problem;
}
