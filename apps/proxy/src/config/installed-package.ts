import { pathToFileURL } from "node:url";
import type { SecretProvider } from "@keyward/core";
import { resolve } from "import-meta-resolve";
import type { Plain } from "./config-document.ts";
import type { Path } from "./path.ts";
import { anything, fields, type Notes, text } from "./reader.ts";
import type { WantedStore } from "./stores.ts";

const entryFields = fields(
  { package: text, export: text, id: text, options: anything },
  { required: ["package"] },
);

/**
 * A store that comes from a package installed beside the configuration, or from a file there: its factory, which is
 * the export that is named, else `default`, else the only function, is called with `options`.
 */
export function installedPackage(
  entry: Plain,
  path: Path,
  folder: string,
  notes: Notes,
): WantedStore | undefined {
  const { package: specifier, export: name, id, options = {} } = entryFields(entry, path, notes) ?? {};
  if (specifier === undefined) return undefined;
  return {
    name: specifier,
    id,
    path: [...path, "package"],
    optionsPath: [...path, "options"],
    options,
    variables: [],
    processVariables: [],
    secret: [],
    async open(resolved) {
      const factory = factoryOf(await load(specifier, folder), specifier, name);
      const provider: unknown = await factory(resolved);
      if (isProvider(provider)) return provider;
      throw new Error(`"${specifier}" made no provider: it has no name, or no readSecret`);
    },
  };
}

async function load(specifier: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  let url: string;
  try {
    url = resolve(specifier, pathToFileURL(`${folder}/`).href);
    return await import(url);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    // What a module throws while it loads may hold anything.
    const why = code?.startsWith("ERR_") ? `: ${code}` : "";
    throw new Error(
      `"${specifier}" cannot be loaded from ${folder}${why}. Install it there: npm install <package>`,
    );
  }
}

function factoryOf(
  module: Readonly<Record<string, unknown>>,
  specifier: string,
  name: string | undefined,
): (options: Plain) => unknown {
  const functions = Object.keys(module).filter((key) => typeof module[key] === "function");
  const chosen = name ?? (functions.includes("default") || functions.length !== 1 ? "default" : functions[0]);
  const factory = module[chosen ?? ""];
  if (isFactory(factory)) return factory;
  const choice = functions.length > 0 ? `; there are ${functions.join(", ")}` : "";
  throw new Error(`"${specifier}" exports no function "${chosen}"${choice}: name the factory with "export"`);
}

function isFactory(value: unknown): value is (options: Plain) => unknown {
  return typeof value === "function";
}

function isProvider(value: unknown): value is SecretProvider {
  if (typeof value !== "object" || value === null) return false;
  return (
    typeof Reflect.get(value, "name") === "string" && typeof Reflect.get(value, "readSecret") === "function"
  );
}
