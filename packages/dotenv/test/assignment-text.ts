/** A line that dotenv's parser reads as exactly this value. */
export function assignmentText(key: string, value: string): string {
  // Line ends are unified by the parser, so a carriage return must be written as an escape.
  if (value.includes("\r")) {
    if (/["\\]/.test(value)) throw new Error("dotenv has no way to write this value.");
    return `${key}="${value.replaceAll("\r", "\\r").replaceAll("\n", "\\n")}"\n`;
  }
  const quote = ["'", "`"].find((each) => !value.includes(each));
  if (quote !== undefined) return `${key}=${quote}${value}${quote}\n`;
  if (/[\n"#]/.test(value) || value !== value.trim()) {
    throw new Error("dotenv has no way to write this value.");
  }
  return `${key}=${value}\n`;
}
