import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { failures } from "../src/failures.ts";
import { infisical } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function rowsUnder(heading: string): string[][] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test("the table of failures is the code's, row by row", () => {
  const rows = Object.entries(failures).map(([reason, [kind, meaning, remedy]]) => [
    `\`${reason}\``,
    `\`${kind}\``,
    meaning,
    remedy,
  ]);
  expect(rowsUnder("Failures")).toEqual(rows);
});

test("the table of options is the code's", () => {
  const named = rowsUnder("Options").map(([option = ""]) => option.replaceAll("`", ""));
  const options = { token: "t", projectId: "p", environment: "e", env: {}, ...{ nonsense: 1 } };
  let message = "";
  try {
    infisical(options);
  } catch (error) {
    message = String(error);
  }
  const known = /the options are ([\w, ]+)/.exec(message)?.[1]?.split(", ");
  expect(named.toSorted()).toEqual(known?.toSorted());
});

test("the example compiles", () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = fileURLToPath(new URL("../", import.meta.url));
  const file = `${folder}readme-example.ts`;
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(
      ts.readConfigFile(`${folder}tsconfig.json`, ts.sys.readFile).config,
      ts.sys,
      folder,
    ).options,
    paths: { "@keyward/infisical": [`${folder}src/index.ts`] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, example, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(example).toContain("infisical()");
  expect(messages).toEqual([]);
});
