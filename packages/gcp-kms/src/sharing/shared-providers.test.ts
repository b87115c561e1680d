import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyName } from "../../test/harness.ts";
import { openKms, secretErrorOf } from "../../test/open-kms.ts";
import { type TemporaryFolder, temporaryFolder } from "../../test/temporary-folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.dispose());

test("ten providers that start at once ask Cloud KMS once", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  const managers = Array.from({ length: 10 }, () => kms.secrets({ shareFolder: folder.path }));
  const values = await Promise.all(managers.map((secrets) => secrets.get("VALUE")));
  expect(new Set(values)).toEqual(new Set(["one"]));
  expect(kms.service.requests).toBe(1);
});

test("a new ciphertext is decrypted at once, by one for all", async () => {
  await using kms = await openKms();
  const managers = [1, 2, 3].map(() => kms.secrets({ shareFolder: folder.path }, { cache: false }));
  for (const text of ["one", "two"]) {
    kms.environment.VALUE = kms.seal(text);
    for (const secrets of managers) await expect(secrets.get("VALUE")).resolves.toBe(text);
  }
  expect(kms.service.requests).toBe(2);
});

test("a ciphertext that is bound to a variable is not shared with another variable", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one", "VALUE");
  kms.environment.MOVED = kms.environment.VALUE;
  const options = { shareFolder: folder.path, additionalAuthenticatedData: "name" } as const;
  await expect(kms.secrets(options).get("VALUE")).resolves.toBe("one");
  const moved = await secretErrorOf(kms.secrets(options).get("MOVED"));
  expect(moved).toMatchObject({ reason: "decryption-failed", key: "MOVED" });
});

test("what one may not decrypt is each one's own failure", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  kms.service.deny(keyName);
  const managers = [1, 2, 3].map(() => kms.secrets({ shareFolder: folder.path }));
  const errors = await Promise.all(managers.map((secrets) => secretErrorOf(secrets.get("VALUE"))));
  for (const error of errors) expect(error).toMatchObject({ code: "denied", reason: "permission-denied" });
  expect(kms.service.requests).toBe(3);
});

test("when Cloud KMS hangs, each read ends at its deadline", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  kms.service.hanging = true;
  const managers = [1, 2].map(() => kms.secrets({ shareFolder: folder.path }, { deadlineMs: 400 }));
  const errors = await Promise.all(managers.map((secrets) => secretErrorOf(secrets.get("VALUE"))));
  for (const error of errors) expect(error).toMatchObject({ code: "timeout" });
  await expect.poll(() => kms.service.pending).toBe(0);
});

test("the folder holds a socket and no secret, and nothing once the provider is closed", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("canary-plaintext");
  const [leader, other] = [1, 2].map(() => kms.secrets({ shareFolder: folder.path }));
  await leader?.get("VALUE");
  await other?.get("VALUE");
  for (const name of await readdir(folder.path)) {
    const path = join(folder.path, name);
    const entry = await lstat(path);
    expect(name + (entry.isFile() ? await readFile(path, "utf8") : "")).not.toContain("canary");
    expect(entry.isSocket(), name).toBe(true);
  }
  expect(inspect([leader, other], { depth: 10 })).not.toContain("canary");
  await leader?.close();
  await other?.close();
  expect(await readdir(folder.path)).toEqual([]);
});
