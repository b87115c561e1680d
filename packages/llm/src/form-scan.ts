import type { Span } from "./json-scan.ts";

/** The body is not the form that its content type says. */
export class FormScanError extends Error {}

const newline = Buffer.from("\r\n");
const endOfHeaders = Buffer.from("\r\n\r\n");
/** Bytes of a part's headers. On text without bounds a regular expression can run out of stack. */
const headersLimit = 16 * 1024;

/**
 * The boundary that a content type names, or `undefined` when it is no `multipart/form-data`.
 *
 * @throws FormScanError when it could be read as naming another as well
 */
export function formBoundary(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  if ((contentType.match(/;\s*boundary\s*=/gi)?.length ?? 0) > 1) throw new FormScanError("two boundaries");
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

/**
 * Finds the fields of a form without copying them: each name, and where its value stands. Files are skipped, whatever
 * their names are.
 *
 * @throws FormScanError
 */
export function scanForm(bytes: Buffer, boundary: string, field: (name: string, value: Span) => void): void {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line break before it.
  let at = bytes.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2)) ? delimiter.length - 2 : -1;
  while (at !== -1) {
    if (bytes.toString("latin1", at, at + 2) === "--") return;
    const line = bytes.indexOf(newline, at);
    // Only blanks may follow a delimiter on its line.
    if (line === -1 || /[^ \t]/.test(bytes.toString("latin1", at, line))) break;
    const head = bytes.indexOf(endOfHeaders, line);
    const end = head === -1 ? -1 : bytes.indexOf(delimiter, head + 2);
    if (end === -1 || head - line > headersLimit) break;
    const name = fieldName(bytes.toString("utf8", line, head));
    const start = head + endOfHeaders.length;
    if (name !== undefined && start <= end) field(name, { start, end });
    at = end + delimiter.length;
  }
  throw new FormScanError("the form has no end");
}

/**
 * Read parameter by parameter, so that nothing inside a quoted file name is taken for a field's name. A part with two
 * names is refused: its next reader may take the other one.
 */
function fieldName(headers: string): string | undefined {
  if ((headers.match(/\r\ncontent-disposition:/gi)?.length ?? 0) > 1) throw new FormScanError("two names");
  const disposition = /\r\ncontent-disposition:[ \t]*form-data([^\r\n]*)/i.exec(headers)?.[1] ?? "";
  const parameter = /\s*;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/y;
  let name: string | undefined;
  for (let match = parameter.exec(disposition); match !== null; match = parameter.exec(disposition)) {
    const [, key = "", quoted, bare] = match;
    if (/^filename\*?$/i.test(key)) return undefined;
    if (key.toLowerCase() !== "name") continue;
    if (name !== undefined) throw new FormScanError("two names");
    name = quoted ?? bare;
  }
  return name;
}
