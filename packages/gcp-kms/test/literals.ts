import fc from "fast-check";

/** What Python's `repr()` prints for bytes. */
export function pythonRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  let body = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === "\\" || character === quote) body += `\\${character}`;
    else if (byte === 0x09) body += "\\t";
    else if (byte === 0x0a) body += "\\n";
    else if (byte === 0x0d) body += "\\r";
    else if (byte < 0x20 || byte > 0x7e) body += `\\x${byte.toString(16).padStart(2, "0")}`;
    else body += character;
  }
  return `b${quote}${body}${quote}`;
}

const hex = fc.constantFrom(..."0123456789abcdefABCDEF");
const octal = fc.constantFrom(..."01234567");
// Python before 3.12 takes `\400` and above in silence, so that what it says of them depends on its age.
const octalByte = fc
  .integer({ min: 0, max: 0o377 })
  .chain((value) => fc.constantFrom(value.toString(8), value.toString(8).padStart(3, "0")));

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...printable()) },
  { weight: 3, arbitrary: fc.constantFrom(..."\\'\"abfnrtv").map((letter) => `\\${letter}`) },
  { weight: 4, arbitrary: fc.tuple(hex, hex).map(([high, low]) => `\\x${high}${low}`) },
  { weight: 3, arbitrary: octalByte.map((digits) => `\\${digits}`) },
  { weight: 1, arbitrary: fc.tuple(octal, fc.constantFrom("8", "9", "x")).map(([a, b]) => `\\${a}${b}`) },
);

const faultyPiece = fc.oneof(
  fc.constantFrom("\\", "'", '"', "\\x", "\\x0", "\\xg0", "\\q", "\\8", "\\N{DOLLAR SIGN}", "\\u0041"),
  fc.constantFrom("\u0000", "\u0001", "\t", "\u000b", "\u000c", "\u001b", "\u007f", "\u0080", "é", "€", "😀"),
  fc.constantFrom("' b'", "'#", "''", '""', "'+b'", "'*9", "';", "'.hex()", "'''", "__import__('os')"),
);

/** Texts that begin like a bytes literal: what Python prints, what a person may write, and what is broken. */
export const literal = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 80 }).map(pythonRepr) },
  { weight: 4, arbitrary: quoted(fc.array(piece, { maxLength: 24 })) },
  {
    weight: 3,
    arbitrary: quoted(fc.array(fc.oneof({ weight: 9, arbitrary: piece }, faultyPiece), { maxLength: 12 })),
  },
);

/** One literal and nothing else, as far as its outline goes. */
export const outline = /^[bB](?:'(?:[^'\\\n\r]|\\[^\n\r])*'|"(?:[^"\\\n\r]|\\[^\n\r])*")$/;

function quoted(pieces: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom("b", "B"), fc.constantFrom("'", '"'), pieces)
    .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join("")}${quote}`);
}

function printable(): string[] {
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index));
  return characters.filter((character) => !"\\'\"".includes(character));
}
