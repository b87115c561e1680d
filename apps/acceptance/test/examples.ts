import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { preProcessFile } from "typescript";
import type { Packed } from "./packages.ts";
import { root } from "./pnpm.ts";

/** A block of TypeScript in a README. */
export interface Example {
  /** The README, relative to the repository. */
  readonly readme: string;
  /** The line of the README that its first line is on, counted from 1. */
  readonly line: number;
  /** The name under which later blocks of the README import it, if it is given: ```` ```ts secret-folder.ts ````. */
  readonly name: string | undefined;
  readonly code: string;
}

/** Every block marked `ts` in the README of the repository and of every published package. */
export async function findExamples(packages: readonly Packed[]): Promise<readonly Example[]> {
  const folders = [root, ...packages.map(({ source }) => source)];
  const found = await Promise.all(folders.map((folder) => examplesIn(join(folder, "README.md"))));
  return found.flat();
}

async function examplesIn(path: string): Promise<readonly Example[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return ""; // another test says which package lacks one
    throw error;
  });
  // Also inside of a list, where a block is indented.
  const blocks = text.matchAll(/^[ \t]*```(?:ts|typescript)\b[ \t]*([^\n]*)\n([\s\S]*?)^[ \t]*```[ \t]*$/gm);
  return [...blocks].map(({ index, 0: block, 1: name, 2: code = "" }) => ({
    readme: relative(root, path),
    line: text.slice(0, index + block.indexOf("\n") + 1).split("\n").length,
    name: name === "" ? undefined : name,
    code,
  }));
}

/** The packages that code imports, without their subpaths and without Node's own. */
export function importedPackages(code: string): readonly string[] {
  const names = preProcessFile(code, true, true).importedFiles.map(({ fileName }) =>
    fileName.split("/", fileName.startsWith("@") ? 2 : 1).join("/"),
  );
  return [...new Set(names)].filter((name) => !name.startsWith(".") && !isBuiltin(name));
}
