import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..");

/** In bytes: what is downloaded, and what it takes on disk, without the licence that pnpm adds. Raise them knowingly. */
const packedLimit = 32_000;
const unpackedLimit = 110_000;

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

describe("the tarball", () => {
  let cache: string;
  let packed: Packed;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), "keyward-core-pack-"));
    const flags = ["--dry-run", "--json", "--ignore-scripts", "--offline", "--cache", cache];
    const { stdout } = await promisify(execFile)("npm", ["pack", ...flags], { cwd: folder });
    packed = JSON.parse(stdout)[0];
  });

  afterAll(() => rm(cache, { recursive: true, force: true }));

  it("holds the build and its papers, and nothing else", () => {
    const papers = ["CHANGELOG.md", "LICENSE", "README.md"];
    const files = packed.files.map(({ path }) => path).filter((path) => !papers.includes(path));
    expect(files.sort()).toEqual(["dist/index.d.ts", "dist/index.js", "package.json"]);
  });

  it(`is at most ${packedLimit} bytes, and ${unpackedLimit} unpacked`, () => {
    expect(packed.size).toBeLessThanOrEqual(packedLimit);
    expect(packed.unpackedSize).toBeLessThanOrEqual(unpackedLimit);
  });

  it("needs nothing at run time", async () => {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"])
      expect(manifest).not.toHaveProperty(field);
    for (const script of ["preinstall", "install", "postinstall"])
      expect(manifest.scripts).not.toHaveProperty(script);
  });
});
