import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pythonRepr } from "../test/literals.ts";
import { type TemporaryFolder, temporaryFolder } from "../test/temporary-folder.ts";
import { readCiphertext } from "./ciphertext.ts";
import { environmentSource } from "./environment-source.ts";

const signal = new AbortController().signal;
const start = process.cwd();
let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
  process.chdir(folder.path);
});

afterEach(() => {
  process.chdir(start);
  folder.dispose();
});

async function read(name: string, environment: Record<string, string> = {}): Promise<string | undefined> {
  return (await environmentSource(environment).readSecret(name, { signal }))?.value;
}

describe("the environment", () => {
  test("comes before .env", async () => {
    folder.write(".env", "A=file\nB=file\n");
    await expect(read("A", { A: "environment" })).resolves.toBe("environment");
    await expect(read("B", { A: "environment" })).resolves.toBe("file");
    await expect(read("A", { A: "" })).resolves.toBe("");
  });

  test("without .env is all there is", async () => {
    await expect(read("A")).resolves.toBeUndefined();
  });

  test.each(["toString", "constructor", "__proto__", "A\0", "", "="])("has no variable %j", async (name) => {
    folder.write(".env", "A=file\n");
    const value = await environmentSource(process.env).readSecret(name, { signal });
    expect(value).toBeUndefined();
  });

  test("has no versions", async () => {
    const reading = environmentSource({ A: "a" }).readSecret("A", { signal, version: "1" });
    await expect(reading).rejects.toMatchObject({ reason: "no-versions" });
  });
});

describe(".env", () => {
  test("is read anew each time, from the working directory", async () => {
    folder.write(".env", "A=one\n");
    await expect(read("A")).resolves.toBe("one");
    folder.write(".env", "A=two\n");
    await expect(read("A")).resolves.toBe("two");
  });

  test("keeps a bytes literal whole, whatever it holds", () => {
    const ciphertext = fc
      .uint8Array({ maxLength: 60 })
      .map((rest) => new Uint8Array([0x0a, 0x24, ...rest, 0x23, 0x22, 0x27, 0x60, 0x5c]));
    const line = fc.constantFrom(
      (text: string) => `A=${text}`,
      (text: string) => `export A = ${text}   # the database`,
      (text: string) => `B="x"\r\nA=${text}\r\nC='y'`,
      (text: string) => `A=old\nA=${text}`,
    );
    return fc.assert(
      fc.asyncProperty(ciphertext, line, async (bytes, write) => {
        folder.write(".env", `${write(pythonRepr(bytes))}\n`);
        const found = readCiphertext((await read("A")) ?? "");
        expect(found).toEqual({ kind: "ciphertext", bytes });
      }),
    );
  });

  test("leaves everything else to Node", async () => {
    folder.write(".env", `A="b'x' # y"\nB=b'open # cut\nC='multi\nb'\nD=plain # comment\n`);
    await expect(read("A")).resolves.toBe("b'x' # y");
    await expect(read("B")).resolves.toBe("b'open");
    await expect(read("C")).resolves.toBe("multi\nb");
    await expect(read("D")).resolves.toBe("plain");
  });

  test("that cannot be read is a failure", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(".env");
    await expect(read("A")).rejects.toMatchObject({ reason: "env-file-unreadable" });
  });

  test("is not waited for once the signal has aborted", async () => {
    folder.write(".env", "A=a\n");
    const reading = environmentSource({}).readSecret("A", { signal: AbortSignal.abort(new Error("enough")) });
    await expect(reading).rejects.toThrow("enough");
  });
});
