import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { SecretProvider } from "@keyward/core";
import { parseBytesLiteral } from "./bytes-literal.ts";
import { GcpKmsError } from "./failures.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where ciphertexts are kept unless another source is given: the environment, then `.env` in the working directory.
 * Both are read anew each time; nothing is written to the environment.
 */
export function environmentSource(environment: Environment): SecretProvider {
  return {
    name: "environment",
    async readSecret(key, { signal, version }) {
      if (version !== undefined) throw new GcpKmsError("no-versions", key);
      // The system ends a name at NUL, and would answer for a shorter one.
      if (key.includes("\0")) return undefined;
      // The environment inherits from Object.prototype, so a variable is one only if it is a string.
      const variable = environment[key];
      if (typeof variable === "string") return { value: variable };
      const text = await readFileIfThere(join(process.cwd(), ".env"), signal);
      if (text === undefined) return undefined;
      const value = Object.entries(parseEnv(protectBytesLiterals(text))).find(([name]) => name === key)?.[1];
      return value === undefined ? undefined : { value };
    },
  };
}

/**
 * A bytes literal may hold `#` and quotes, which mean something else in `.env`. Where a line of a file's text assigns a
 * whole literal, it is written again with nothing but `\xhh`, for whoever parses the file.
 */
export function protectBytesLiterals(text: string): string {
  return text.replace(assignedLiteral, (line, assignment: string, literal: string) => {
    const bytes = parseBytesLiteral(literal);
    return bytes ? `${assignment}b'${Buffer.from(bytes).toString("hex").replace(/../g, "\\x$&")}'` : line;
  });
}

const assignedLiteral =
  /^([ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*)([bB](?:'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*"))[ \t]*(?:#.*)?$/gm;

async function readFileIfThere(path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await readFile(path, { encoding: "utf8", signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new GcpKmsError("env-file-unreadable");
  }
}
