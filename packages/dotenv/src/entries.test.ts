import { parse } from "dotenv";
import { expect, test } from "vitest";
import { fileEntries } from "./entries.ts";
import { DotenvFailure } from "./failures.ts";

async function entry(text: string, name = "A"): Promise<string | undefined> {
  const found = (await fileEntries(text, "file")).get(name);
  return found instanceof DotenvFailure ? `${found.reason} at ${found.place}` : found;
}

test("values are those of dotenv's parser", async () => {
  const text = [
    "A=plain # comment",
    "export B= spaced ",
    "C: colon",
    "D='single\\n'",
    'E="double\\nline"',
    'F=`it\'s "quoted"`',
    "G=",
    'H="{"json":"unescaped"}"',
    'I="two',
    "J=not a variable",
    'lines" # comment',
    "K=a#b",
    'L="a#b"',
    "A.b-c=dotted",
    "M==",
    "N='' # 'not closed",
    "O=\u00fcn\u00efc\u00f6de \u{1f511}",
    "P='ends with a backslash\\'",
    "M=again",
  ].join("\r\n");
  const expected = parse(text);
  expect(Object.keys(expected)).toHaveLength(16);
  expect(Object.fromEntries(await fileEntries(text, "file"))).toEqual(expected);
});

test("the last line that names a variable decides, whether it can be read or not", async () => {
  expect(await entry("A:bad\nA=good")).toBe("good");
  expect(await entry("A=good\nA:bad")).toBe("line-malformed at Line 2 of file");
});

test("text inside a quoted value assigns nothing", async () => {
  expect(await entry("KEY='first\nA:text\nlast'")).toBeUndefined();
  expect(await entry("KEY='first\nA:text\nlast'\nA=1")).toBe("1");
});

test("a colon at the end of a line makes dotenv take the next line for the value: neither is handed out", async () => {
  expect(await entry("A:\nB=2")).toBe("line-malformed at Line 1 of file");
  expect(await entry("A:\nB=2", "B")).toBe("line-malformed at Line 2 of file");
});

test("lines that mean no assignment are left alone, as dotenv leaves them", async () => {
  const text = "# A:1\nA\nexport A\nhttps://A\nset A=1\n[A]\n  \n'A':1";
  expect(await fileEntries(text, "file")).toEqual(new Map());
});

test("every kind of line end counts as one line", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    expect(await entry(["B=1", "", "A:bad"].join(end))).toBe("line-malformed at Line 3 of file");
  }
});
