import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type BuildResult, build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What a browser, a worker or an edge runtime does not have. */
const nodeOnly = [
  "process",
  "Buffer",
  "global",
  "require",
  "module",
  "__dirname",
  "__filename",
  "setImmediate",
];

let bundled: BuildResult<{ write: false; metafile: true }>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keyward-core-tour-"));
  bundled = await build({
    entryPoints: [join(import.meta.dirname, "tour.ts")],
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
    // `define` replaces free names only, so that whatever is used of Node shows.
    define: Object.fromEntries(nodeOnly.map((name) => [name, `only_in_node_${name}`])),
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("core bundled for a browser", () => {
  it("imports nothing, of Node or otherwise", () => {
    expect(bundled.warnings).toEqual([]);
    const inputs = Object.keys(bundled.metafile.inputs).map((path) => path.split("/").slice(-2).join("/"));
    expect(inputs.sort()).toEqual(["dist/index.js", "test/tour.ts"]);
    for (const output of Object.values(bundled.metafile.outputs)) expect(output.imports).toEqual([]);
    expect(bundle()).not.toMatch(/["']node:|\bimport\b\s*[("'{*]|__require/);
  });

  it("names no global that only Node has", () => {
    const used = nodeOnly.filter((name) => bundle().includes(`only_in_node_${name}`));
    expect(used).toEqual([]);
  });
});

describe("the same bundle", () => {
  it("runs on Node", async () => {
    const file = await bundleFile();
    await expectTour(promisify(execFile)(process.execPath, [file], { env: {} }));
  });

  it("runs on Deno, with no permission to anything", async ({ skip }) => {
    const deno = denoBinary();
    if (deno === undefined) {
      skip(`the npm package "deno" brings no binary for ${process.platform} on ${process.arch}`);
      return;
    }
    const flags = ["run", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock"];
    const env = { DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    await expectTour(promisify(execFile)(deno, [...flags, await bundleFile()], { env, cwd: folder }));
  });
});

async function expectTour(run: Promise<{ stdout: string; stderr: string }>): Promise<void> {
  const { stdout, stderr } = await run;
  expect(stderr).toBe("");
  const lines = stdout.trim().split("\n");
  expect(JSON.parse(lines.pop() ?? "")).toEqual({
    isSecret: true,
    found: true,
    absent: true,
    many: ["KEY", "db"],
    pointed: "pass-word".length,
    masked: "<[secret]>",
    base64: expect.stringMatching(/^Basic \S*\[secret\]\S*$/),
    clone: "[secret]",
    failure: "not_found",
    health: "ok",
    rotated: "rotated",
    closed: "closed",
  });
  expect(lines.join("\n")).toContain("[secret]");
  expect(stdout).not.toContain("tour-of-a-value");
}

function bundle(): string {
  return bundled.outputFiles.map(({ text }) => text).join("\n");
}

async function bundleFile(): Promise<string> {
  const file = join(folder, "tour.mjs");
  await writeFile(file, bundle());
  return file;
}

/** The binary in the package of this platform; the install script of `deno` would only copy it. */
function denoBinary(): string | undefined {
  const packages = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const { platform, arch } = process;
  const target = `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`;
  const name = platform === "win32" ? "deno.exe" : "deno";
  try {
    return join(dirname(packages.resolve(`${target}/package.json`)), name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
