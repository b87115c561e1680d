import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { envFolder } from "../test/env-folder.ts";
import { type DotenvOptions, dotenv } from "./index.ts";

const { signal } = new AbortController();

async function value(key: string, options: DotenvOptions): Promise<string | undefined> {
  return (await dotenv({ env: {}, ...options }).readSecret(key, { signal }))?.value;
}

test("later default files win, and those of a mode only with the mode", async () => {
  await using folder = await envFolder({
    ".env": "A=env\nB=env\nC=env\nD=env",
    ".env.local": "B=local\nC=local\nD=local",
    ".env.staging": "C=staging\nD=staging",
    ".env.staging.local": "D=staging-local",
  });
  const all = async (options: DotenvOptions) =>
    Promise.all(["A", "B", "C", "D"].map((key) => value(key, { cwd: folder.path, ...options })));
  expect(await all({})).toEqual(["env", "local", "local", "local"]);
  expect(await all({ mode: "staging" })).toEqual(["env", "local", "staging", "staging-local"]);
  expect(await all({ mode: "production" })).toEqual(["env", "local", "local", "local"]);
});

test("default files may be missing, all of them", async () => {
  await using folder = await envFolder();
  expect(await value("A", { cwd: folder.path, mode: "production" })).toBeUndefined();
});

test("files that are named replace the default ones, later ones win", async () => {
  await using folder = await envFolder({ ".env": "C=default", one: "A=one\nB=one", two: "B=two" });
  const options = { cwd: folder.path, path: ["one", pathToFileURL(join(folder.path, "two"))] };
  expect(await value("A", options)).toBe("one");
  expect(await value("B", options)).toBe("two");
  expect(await value("C", options)).toBeUndefined();
});

test("the environment wins, an empty variable too, unless files override it", async () => {
  await using folder = await envFolder({ ".env": "A=file\nB=file" });
  const env = { A: "environment", B: "", C: "environment" };
  const options = { cwd: folder.path, env };
  expect(await value("A", options)).toBe("environment");
  expect(await value("B", options)).toBe("");
  expect(await value("A", { ...options, override: true })).toBe("file");
  expect(await value("C", { ...options, override: true })).toBe("environment");
});

test("process.env is the default, looked at by each read, and never written to", async () => {
  await using folder = await envFolder({ ".env": "KEYWARD_DOTENV_FILE=file" });
  const provider = dotenv({ cwd: folder.path });
  const read = async () => (await provider.readSecret("KEYWARD_DOTENV_TEST", { signal }))?.value;
  expect(await read()).toBeUndefined();
  try {
    vi.stubEnv("KEYWARD_DOTENV_TEST", "set later");
    expect(await read()).toBe("set later");
    const before = { ...process.env };
    expect(await provider.readSecret("KEYWARD_DOTENV_FILE", { signal })).toEqual({ value: "file" });
    expect({ ...process.env }).toEqual(before);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("nothing is printed", async () => {
  await using folder = await envFolder({ ".env": "A=1\nB:2" });
  const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  try {
    expect(await value("A", { cwd: folder.path })).toBe("1");
    await expect(value("B", { cwd: folder.path })).rejects.toThrow();
    for (const spy of written) expect(spy).not.toHaveBeenCalled();
  } finally {
    for (const spy of written) spy.mockRestore();
  }
});

test("the text of a file can be prepared, line for line", async () => {
  await using folder = await envFolder({ ".env": "A=it's ##here\nB:bad\n" });
  const prepare = (text: string) => text.replace("##", "%23");
  expect(await value("A", { cwd: folder.path, prepare })).toBe("it's %23here");
  await expect(value("B", { cwd: folder.path, prepare })).rejects.toThrow("Line 2 of .env");
});

test("an empty list of files leaves the environment alone", async () => {
  await using folder = await envFolder({ ".env": "B=1" });
  expect(await value("A", { cwd: folder.path, path: [], env: { A: "1" } })).toBe("1");
  expect(await value("B", { cwd: folder.path, path: [] })).toBeUndefined();
});

test("names from the prototype of objects are names like any other", async () => {
  await using folder = await envFolder({ ".env": "constructor=file" });
  const provider = dotenv({ cwd: folder.path, env: {} });
  expect(await provider.readSecret("toString", { signal })).toBeUndefined();
  expect(await provider.readSecret("__proto__", { signal })).toBeUndefined();
  expect(await provider.readSecret("constructor", { signal })).toEqual({ value: "file" });
});

test("a later change of the working directory moves no file", async () => {
  await using folder = await envFolder({ ".env": "A=here" });
  await mkdir(join(folder.path, "elsewhere"));
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder.path);
  try {
    const provider = dotenv({ env: {} });
    cwd.mockReturnValue(join(folder.path, "elsewhere"));
    expect(await provider.readSecret("A", { signal })).toEqual({ value: "here" });
  } finally {
    cwd.mockRestore();
  }
});

test("its name shows the files as they were written", () => {
  expect(dotenv().name).toBe("dotenv(.env, .env.local)");
  expect(dotenv({ path: "config/app.env" }).name).toBe("dotenv(config/app.env)");
  expect(dotenv({ path: [] }).name).toBe("dotenv(process.env)");
});

test.each([
  [{ path: ".env", mode: "production" }, "Give one of the two"],
  [{ path: "" }, "`path` is empty"],
  [{ mode: "" }, "`mode`"],
  [{ mode: "local" }, "`mode`"],
  [{ mode: "../production" }, "`mode`"],
])("options that make no sense throw at construction: %j", (options, message) => {
  expect(() => dotenv(options)).toThrow(TypeError);
  expect(() => dotenv(options)).toThrow(message);
});

test.each<[object, string]>([
  [{ overide: true }, "no option `overide`. Its options are path, mode, override, env, cwd, prepare."],
  [{ override: "false" }, "`override` has to be of type boolean, not string"],
  [{ path: 7 }, "`path` has to be"],
  [{ path: [".env", null] }, "`path` has to be"],
  [{ mode: true }, "`mode` has to be of type string, not boolean"],
])("options that a configuration file may get wrong throw at construction: %j", (options, message) => {
  expect(() => dotenv(options)).toThrow(TypeError);
  expect(() => dotenv(options)).toThrow(message);
});

test("an aborted signal ends a read", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  controller.abort(reason);
  const provider = dotenv({ path: [], env: { A: "1" } });
  await expect(provider.readSecret("A", { signal: controller.signal })).rejects.toBe(reason);
});
