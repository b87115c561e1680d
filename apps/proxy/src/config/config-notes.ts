import type { ConfigDocument } from "./config-document.ts";
import { formatPath, type Path } from "./path.ts";
import type { Problem } from "./problem.ts";
import type { Notes } from "./reader.ts";

/** Collects what is wrong with a configuration, each with its place in the file. */
export class ConfigNotes implements Notes {
  readonly problems: Problem[];
  readonly #document: ConfigDocument;

  constructor(document: ConfigDocument) {
    this.#document = document;
    this.problems = [...document.problems];
  }

  get failed(): boolean {
    return this.problems.some(({ severity }) => severity === "error");
  }

  error(path: Path | string, message: string): void {
    this.#add("error", path, message);
  }

  warn(path: Path | string, message: string): void {
    this.#add("warning", path, message);
  }

  #add(severity: Problem["severity"], path: Path | string, message: string): void {
    const place = this.#document.locate(typeof path === "string" ? path : formatPath(path));
    this.problems.push({ severity, ...place, message });
  }
}

/** For a first look, when a second one will tell. */
export const noNotes: Notes = { error() {}, warn() {} };
