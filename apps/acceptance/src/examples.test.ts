import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { type Example, findExamples, importedPackages } from "../test/examples.ts";
import { readManifest } from "../test/packages.ts";
import { runTool } from "../test/run.ts";

const { packages, together } = inject("installation");
const examples = await findExamples(packages);

/** One that must not compile: it shows that the compiler looks at the examples and at the packed declarations. */
const wrong: Example = {
  readme: "wrong",
  line: 7,
  name: undefined,
  code: 'import { createSecrets } from "@keyward/core";\ncreateSecrets({ providers: 1 });\n',
};

let complaints: readonly string[];

beforeAll(async () => {
  for (const example of [...examples, wrong]) {
    const file = join(together, fileOf(example));
    await mkdir(dirname(file), { recursive: true });
    // Moved down to its line in the README, so that the compiler names that line.
    await writeFile(file, "\n".repeat(example.line - 1) + example.code);
  }
  const compilerOptions = {
    target: "ES2023",
    lib: ["ES2023", "ESNext.Disposable"],
    module: "NodeNext",
    moduleDetection: "force",
    allowImportingTsExtensions: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  };
  const project = join(together, "tsconfig.json");
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["examples"] }));
  const { stdout } = await runTool("typescript", "tsc", ["-p", project, "--pretty", "false"], together);
  complaints = stdout.split("\n").filter((line) => line !== "");
});

test("a wrong example is found, and its line", () => {
  expect(complaints).toContainEqual(expect.stringMatching(/^examples\/wrong\/7\.ts\(8,\d+\): error TS2322/));
});

test.each(examples)("the example in $readme, line $line, compiles", (example) => {
  expect(complaints.filter((each) => each.startsWith(`${fileOf(example)}(`))).toEqual([]);
});

test("the packed declarations compile where nothing is skipped", () => {
  expect(complaints.filter((each) => each.includes("@keyward/"))).toEqual([]);
});

test.each(packages)("the README of $name shows its use", async ({ name, source }) => {
  const { bin } = await readManifest(source);
  const shown = examples.filter(({ code }) => importedPackages(code).includes(name));
  // What is used as a command is shown in a shell.
  if (bin === undefined) expect(shown).not.toEqual([]);
});

function fileOf({ readme, line, name = `${line}.ts` }: Example): string {
  return `examples/${readme.replace(/\.md$/, "").replaceAll(/[\\/]/g, "-")}/${name}`;
}
