import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pnpm, root } from "./pnpm.ts";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package as it would be published. */
export interface Packed {
  readonly name: string;
  /** Where its source is. */
  readonly source: string;
  /** Where its tarball is. */
  readonly tarball: string;
}

/** The manifest in a folder, as it stands there. */
export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/** Packs every package of the workspace that is not private. @throws Error naming those that are not built. */
export async function packAll(destination: string): Promise<readonly Packed[]> {
  const workspace: { name: string; path: string; private?: boolean }[] = JSON.parse(
    await pnpm(["ls", "--recursive", "--json", "--depth", "-1"], root),
  );
  const published: typeof workspace = [];
  for (const member of workspace) {
    // A folder without source is a package that nobody has begun to write.
    if (!member.private && (await exists(join(member.path, "src")))) published.push(member);
  }
  const unbuilt: string[] = [];
  for (const { name, path } of published) if (!(await exists(join(path, "dist")))) unbuilt.push(name);
  if (unbuilt.length > 0) throw new Error(`Not built: ${unbuilt.join(", ")}. Run \`turbo run build\` first.`);

  const filters = published.flatMap(({ name }) => ["--filter", name]);
  const answer = JSON.parse(
    await pnpm(["--recursive", ...filters, "pack", "--json", "--pack-destination", destination], root),
  );
  const packed: { name: string; filename: string }[] = Array.isArray(answer) ? answer : [answer];
  return published.map(({ name, path }) => {
    const tarball = packed.find((each) => each.name === name)?.filename;
    if (tarball === undefined) throw new Error(`pnpm packed no ${name}.`);
    return { name, source: path, tarball };
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
