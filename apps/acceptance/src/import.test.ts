import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { readManifest } from "../test/packages.ts";
import { runNode } from "../test/run.ts";

const { packages, together, alone } = inject("installation");

/** What an import of the package gives, having seen that it prints nothing and lets the process end. */
async function namesOf(how: "import" | "require", name: string, project: string): Promise<readonly string[]> {
  const loading = how === "import" ? `await import("${name}")` : `require("${name}")`;
  const { status, stdout, output } = await runNode(
    [
      `--input-type=${how === "import" ? "module" : "commonjs"}`,
      "--eval",
      `console.log(JSON.stringify(Object.keys(${loading})))`,
    ],
    project,
  );
  expect(status, output).toBe(0);
  expect(output, "printed while being imported").toBe(stdout);
  const names: string[] = JSON.parse(stdout);
  return names.filter((each) => each !== "__esModule").sort();
}

describe.each(packages)("$name, with core and nothing else", ({ name }) => {
  test("can be imported, and required", async () => {
    const project = alone[name] ?? "";
    const [imported, required] = await Promise.all([
      namesOf("import", name, project),
      namesOf("require", name, project),
    ]);
    expect(imported).not.toEqual([]);
    expect(required).toEqual(imported);
  });
});

test("all of them can be imported into one process", async () => {
  const imports = packages.map(({ name }) => `import "${name}";`).join("\n");
  const { status, output } = await runNode(["--input-type=module", "--eval", imports], together);
  expect(status, output).toBe(0);
  expect(output).toBe("");
});

test("every command prints its version", async () => {
  for (const { name } of packages) {
    const folder = join(together, "node_modules", name);
    const { bin = {}, version } = await readManifest(folder);
    for (const path of Object.values(bin)) {
      const file = join(folder, path);
      expect(await readFile(file, "utf8"), `${path} cannot be started by its name`).toMatch(
        /^#!\/usr\/bin\/env node\n/,
      );
      const { status, stdout, output } = await runNode([file, "--version"], together);
      expect(status, output).toBe(0);
      expect(stdout).toContain(version);
    }
  }
});
