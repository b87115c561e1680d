import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { envFolder } from "../test/env-folder.ts";
import { classify, DotenvFailure, failures } from "./failures.ts";
import { type DotenvOptions, dotenv } from "./index.ts";

const { signal } = new AbortController();
const secret = "sk-canary-9f2c";

/** What a caller learns of a failed read, having seen that nothing in it holds the canary. */
async function failure(key: string, options: DotenvOptions) {
  const provider = dotenv({ env: {}, ...options });
  const error = await provider.readSecret(key, { signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DotenvFailure);
  const { message, stack, cause } = error as DotenvFailure;
  expect([message, stack, String(cause), JSON.stringify(error)].join()).not.toContain(secret);
  return provider.classify(error);
}

test("a file that was named must exist, and says so by its name", async () => {
  await using folder = await envFolder({ present: "A=1" });
  expect(await failure("A", { cwd: folder.path, path: ["present", "absent.env"] })).toEqual({
    kind: "invalid",
    reason: "file-missing",
    remedy: expect.stringContaining("absent.env does not exist"),
  });
  expect(await failure("A", { cwd: folder.path, path: "present/.env" })).toMatchObject({
    reason: "file-missing",
  });
});

test("a folder in the place of a file is a failure, also of a default file", async () => {
  await using folder = await envFolder();
  expect(await failure("A", { path: folder.path })).toMatchObject({ reason: "file-is-directory" });
  await using mounted = await envFolder();
  await mounted.folder(".env");
  expect(await failure("A", { cwd: mounted.path })).toMatchObject({
    kind: "invalid",
    reason: "file-is-directory",
  });
});

test("a file that is refused is denied, also a default file", async () => {
  await using folder = await envFolder({ ".env": `A=${secret}` });
  await using _ = await folder.refuse(".env");
  expect(await failure("A", { cwd: folder.path })).toEqual({
    kind: "denied",
    reason: "file-denied",
    remedy: expect.stringContaining(".env"),
  });
});

test("a file that cannot be read for any other reason may be readable later", async () => {
  await using folder = await envFolder();
  await folder.link("loop.env", "loop.env");
  expect(await failure("A", { cwd: folder.path, path: "loop.env" })).toMatchObject({
    kind: "unavailable",
    reason: "file-unavailable",
  });
});

test.each([
  ["UTF-16 without a byte order mark", Buffer.from(`A=${secret}`, "utf16le")],
  ["Latin-1", Buffer.from(`A=${secret}\u00e9`, "latin1")],
])("a file in another encoding is refused whole: %s", async (_title, bytes) => {
  await using folder = await envFolder({ ".env": bytes });
  expect(await failure("A", { cwd: folder.path })).toMatchObject({
    kind: "invalid",
    reason: "file-encoding",
  });
});

test.each([
  ["line-malformed", "A", `A:${secret}`],
  ["line-malformed", "A", `A :${secret}`],
  ["line-malformed", "\u00c4", `\u00c4=${secret}`],
  ["line-malformed", "__proto__", `__proto__=${secret}`],
  ["quote-unclosed", "A", `A="${secret}`],
  ["quote-unclosed", "A", `export A='${secret}"`],
  ["quote-unclosed", "A", `A="${secret}" trailing`],
  ["value-encrypted", "A", `A="encrypted:${secret}"`],
])("%s: the failure of %s names file and line", async (reason, key, line) => {
  await using folder = await envFolder({ ".env": `# first\nOTHER='two\nlines'\n${line}\nLAST=1` });
  expect(await failure(key, { cwd: folder.path })).toEqual({
    kind: "invalid",
    reason,
    remedy: expect.stringContaining("Line 4 of .env"),
  });
  const provider = dotenv({ cwd: folder.path, env: {} });
  expect(await provider.readSecret("LAST", { signal })).toEqual({ value: "1" });
});

test("a line that cannot be read does no harm where a better one wins", async () => {
  await using folder = await envFolder({ ".env": "A:bad\nB:bad", ".env.local": "A=good" });
  const provider = dotenv({ cwd: folder.path, env: { B: "good" } });
  expect(await provider.readSecret("A", { signal })).toEqual({ value: "good" });
  expect(await provider.readSecret("B", { signal })).toEqual({ value: "good" });
});

test("an encrypted value in the environment is no secret either", async () => {
  expect(await failure("A", { path: [], env: { A: `encrypted:${secret}` } })).toMatchObject({
    reason: "value-encrypted",
    remedy: expect.stringContaining("environment variable A"),
  });
});

test("there are no versions, and nothing after close", async () => {
  const provider = dotenv({ path: [], env: { A: "1" } });
  const reasonOf = (read: Promise<unknown>) => read.then(undefined, provider.classify);
  expect(await reasonOf(provider.readSecret("A", { signal, version: "1" }))).toMatchObject({
    kind: "invalid",
    reason: "no-versions",
  });
  await provider.close();
  await provider.close();
  expect(await reasonOf(provider.readSecret("A", { signal }))).toMatchObject({ reason: "closed" });
});

test("what is not ours is not classified", () => {
  expect(classify(new Error("other"))).toBeUndefined();
  expect(classify(undefined)).toBeUndefined();
});

test("the README lists every failure, and no other, with its kind", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("## Failures"));
  const rows = [...table.matchAll(/^\| `([^`]+)` *\| `([^`]+)` *\|/gm)].map(([, reason, kind]) => [
    reason,
    kind,
  ]);
  expect(rows).toEqual(Object.entries(failures).map(([reason, { kind }]) => [reason, kind]));
});

test("the README lists every option, and no other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const section = readme.split(/^## /m).find((text) => text.startsWith("Options\n")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  const misspelt: object = { nonsense: true };
  expect(listed).not.toEqual([]);
  expect(() => dotenv(misspelt)).toThrow(`Its options are ${listed.join(", ")}.`);
});
