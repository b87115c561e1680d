import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { publint } from "publint";
import { describe, expect, inject, test } from "vitest";
import { importedPackages } from "../test/examples.ts";
import { readManifest } from "../test/packages.ts";
import { root } from "../test/pnpm.ts";
import { runTool } from "../test/run.ts";

const { packages, together } = inject("installation");

test("every published package is looked at, after its build", async () => {
  const names = packages.map(({ name }) => name);
  expect(names).toContain("@keyward/core");
  const { devDependencies } = await readManifest(join(root, "apps", "acceptance"));
  expect(Object.keys(devDependencies ?? {}), "turbo builds what this workspace depends on").toEqual(
    expect.arrayContaining(names),
  );
});

describe.each(packages)("$name", async ({ name, source, tarball }) => {
  const folder = join(together, "node_modules", name);
  const files = await listFiles(folder);
  const manifest = await readManifest(folder);
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies };

  test("holds what was built, and nothing else", () => {
    // Only a command has examples to run; a library's are in its README.
    const allowed = manifest.bin
      ? /^(dist\/.+|example\/.+|[A-Z]+\.md|LICENSE|package\.json)$/
      : /^(dist\/.+|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files.filter((file) => /\.test\.|\.test-d\.|\.map$|\.tsbuildinfo$/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(files.some((file) => file.startsWith("dist/"))).toBe(true);
  });

  test("carries the license and its own README", async () => {
    const read = (...path: string[]) => readFile(join(...path), "utf8");
    expect(await read(folder, "LICENSE")).toBe(await read(root, "LICENSE"));
    expect(await read(folder, "README.md")).toBe(await read(source, "README.md"));
  });

  test("has a manifest that means the same outside of the workspace", () => {
    expect(JSON.stringify(manifest)).not.toMatch(/"(?:workspace|catalog|link|file):/);
  });

  test("imports nothing that it does not declare", async () => {
    const undeclared = new Map<string, string>();
    for (const file of files.filter((each) => /\.js$|\.d\.ts$/.test(each))) {
      for (const imported of importedPackages(await readFile(join(folder, file), "utf8"))) {
        if (imported !== name && !(imported in runtime)) undeclared.set(imported, file);
      }
    }
    expect([...undeclared]).toEqual([]);
  });

  test("brings no other part of Keyward than core", () => {
    // Only an application, which has a command, composes the others.
    if (manifest.bin !== undefined) return;
    const allowed = name === "@keyward/core" ? [] : ["@keyward/core"];
    expect(Object.keys(runtime).filter((each) => each.startsWith("@keyward/"))).toEqual(allowed);
  });

  test("knows no path of the machine that built it", async () => {
    for (const file of files) {
      const text = await readFile(join(folder, file), "utf8");
      expect(text.includes(root) || text.includes("file://"), `${file} holds a path`).toBe(false);
    }
  });

  test("is clean for publint", async () => {
    const bytes = await readFile(tarball);
    const { messages } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
    expect(messages.filter(({ type }) => type !== "suggestion")).toEqual([]);
  });

  test("is clean for attw", async () => {
    const { status, output } = await runTool("@arethetypeswrong/cli", "attw", [
      tarball,
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-color",
    ]);
    expect(status, output).toBe(0);
  });
});

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .filter((file) => !file.startsWith("node_modules/"))
    .sort();
}
