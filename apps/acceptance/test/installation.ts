import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findExamples, importedPackages } from "./examples.ts";
import { type Packed, packAll } from "./packages.ts";
import { pnpm, root } from "./pnpm.ts";

/** The tarballs, installed outside of the repository. */
export interface Installation {
  readonly folder: string;
  readonly packages: readonly Packed[];
  /** A project with every package, and with what the examples import besides. */
  readonly together: string;
  /** For each package by name, a project with core and that package alone. */
  readonly alone: Readonly<Record<string, string>>;
}

const core = "@keyward/core";

/** The empty projects share one `pnpm install`; `hoist: false` keeps each to what its packages declare. */
export async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), "keyward-acceptance-"));
  try {
    const packages = await packAll(join(folder, "tarballs"));
    const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
    const project = async (name: string, dependencies: Record<string, string>) => {
      const path = join(folder, "projects", name);
      await mkdir(path, { recursive: true });
      const manifest = { name: `project-${name}`, private: true, type: "module", dependencies };
      await writeFile(join(path, "package.json"), JSON.stringify(manifest));
      return path;
    };

    const together = await project("together", { ...(await exampleDependencies(packages)), ...tarballs });
    const alone: Record<string, string> = {};
    for (const { name } of packages) {
      const wanted = Object.entries(tarballs).filter(([each]) => each === name || each === core);
      alone[name] = await project(`alone-${basename(name)}`, Object.fromEntries(wanted));
    }

    const settings = { packages: ["projects/*"], overrides: tarballs, hoist: false };
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "projects", private: true }));
    // JSON is YAML.
    await writeFile(join(folder, "pnpm-workspace.yaml"), JSON.stringify(settings));
    await pnpm(["install", "--prefer-offline", "--ignore-scripts", "--no-frozen-lockfile"], folder);
    return { folder, packages, together, alone };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What a reader of the examples installs besides Keyward, at the versions that the packages are tested with. */
async function exampleDependencies(packages: readonly Packed[]): Promise<Record<string, string>> {
  const sources = [...packages.map(({ source }) => source), join(root, "apps", "acceptance")];
  const imported = (await findExamples(packages)).flatMap(({ code }) => importedPackages(code));
  const dependencies: Record<string, string> = {};
  for (const name of new Set(["@types/node", ...imported])) {
    if (name.startsWith("@keyward/")) continue;
    for (const source of sources) {
      const version = await installedVersion(join(source, "node_modules", name));
      // One that no package declares stays out, and the compiler says that it is missing.
      if (version !== undefined) dependencies[name] = version;
    }
  }
  return dependencies;
}

async function installedVersion(folder: string): Promise<string | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "package.json"), "utf8")).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
