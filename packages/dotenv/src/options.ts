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

/** `undefined` where more than one type will do. */
const types: Readonly<Record<keyof DotenvOptions, string | undefined>> = {
  path: undefined,
  mode: "string",
  override: "boolean",
  env: "object",
  cwd: "string",
  prepare: "function",
};

/** For options from JavaScript or from a configuration file, where `override: "false"` would be taken for true. */
function checkTypes(options: DotenvOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(types, name)) {
      const names = Object.keys(types).join(", ");
      throw new TypeError(`dotenv: there is no option \`${name}\`. Its options are ${names}.`);
    }
    const type = types[name as keyof DotenvOptions];
    if (type !== undefined && value !== undefined && typeof value !== type) {
      throw new TypeError(`dotenv: \`${name}\` has to be of type ${type}, not ${typeof value}.`);
    }
  }
}

/** @throws TypeError for options that contradict each other, name no file, do not exist or have another type. */
export function envFiles(options: DotenvOptions): readonly EnvFile[] {
  checkTypes(options);
  const { path, mode, cwd = process.cwd() } = options;
  if (path !== undefined) {
    if (mode !== undefined) {
      throw new TypeError(
        "dotenv: `mode` chooses among the default files and `path` replaces them. Give one of the two.",
      );
    }
    const named = Array.isArray(path) ? path : [path];
    return named.map((each: unknown) => {
      if (typeof each !== "string" && !(each instanceof URL)) {
        throw new TypeError("dotenv: `path` has to be a file, or a list of files, as text or `file:` URL.");
      }
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
