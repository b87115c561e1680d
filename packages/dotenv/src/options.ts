import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface DotenvOptions {
  /**
   * One file or several, of which later ones win. A file named here must exist; with an empty list only the
   * environment is read. Default: `.env`, `.env.local` and, with `mode`, `.env.<mode>`, `.env.<mode>.local`, each
   * of which may be missing.
   */
  readonly path?: string | URL | readonly (string | URL)[] | undefined;
  /** Adds `.env.<mode>` and `.env.<mode>.local` to the default files. Not together with `path`. Default: none. */
  readonly mode?: string | undefined;
  /** Whether the files win over the environment. Default `false`. */
  readonly override?: boolean | undefined;
  /** The environment, looked at anew by each read and never written to. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The folder that relative paths and the default files are in. Default: the working directory at this call. */
  readonly cwd?: string | undefined;
  /**
   * Writes a file's text in another way before it is parsed, for values that another program put there in a form of
   * its own. Lines must stay where they are. Default: nothing.
   */
  readonly prepare?: ((text: string) => string) | undefined;
}

/** A file to be read. */
export interface EnvFile {
  /** As messages show it. */
  readonly label: string;
  readonly path: string;
  /** Whether its absence is a failure. */
  readonly required: boolean;
}

/** @throws TypeError for options that contradict each other or name no file. */
export function envFiles({ path, mode, cwd = process.cwd() }: DotenvOptions): readonly EnvFile[] {
  if (path !== undefined) {
    if (mode !== undefined) {
      throw new TypeError(
        "dotenv: `mode` chooses among the default files and `path` replaces them. Give one of the two.",
      );
    }
    const named = typeof path === "string" || path instanceof URL ? [path] : path;
    return named.map((each) => {
      if (each === "") throw new TypeError("dotenv: `path` is empty. Name a file, or leave `path` out.");
      const label = typeof each === "string" ? each : fileURLToPath(each);
      return { label, path: resolve(cwd, label), required: true };
    });
  }
  const names = [".env", ".env.local"];
  if (mode !== undefined) {
    if (mode === "" || mode === "local" || /[/\\\0]/.test(mode)) {
      throw new TypeError(
        'dotenv: `mode` becomes part of a file name, as in `.env.production`: not empty, not "local", no slashes.',
      );
    }
    names.push(`.env.${mode}`, `.env.${mode}.local`);
  }
  return names.map((label) => ({
    label,
    path: resolve(cwd, label),
    required: false,
  }));
}
