import { chmod, chown, mkdir, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyName } from "../../test/harness.ts";
import { openKms } from "../../test/open-kms.ts";
import { type TemporaryFolder, temporaryFolder } from "../../test/temporary-folder.ts";
import { crc32c } from "../crc32c.ts";
import { gcpKms } from "../gcp-kms.ts";

let temporary: TemporaryFolder;
beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.dispose());

describe("a folder is refused at construction, by the name of what named it,", () => {
  test.each<[string, (path: string) => Promise<void>, RegExp]>([
    [
      "that others may open",
      async (path) => {
        await mkdir(path);
        await chmod(path, 0o710);
      },
      / is a folder that others may open.*chmod 700/,
    ],
    ["that is a file", (path) => writeFile(path, ""), / is not a folder/],
    ["that is a link", (path) => symlink(temporary.path, path), / is not a folder/],
  ])("%s", async (_what, make, message) => {
    const path = join(temporary.path, "shared");
    await make(path);
    const environment = { GOOGLE_KMS_SHARE_FOLDER: path };
    expect(() => gcpKms({ keyName, environment })).toThrow(message);
    expect(() => gcpKms({ keyName, environment })).toThrow(/^Google Cloud KMS: GOOGLE_KMS_SHARE_FOLDER /);
    expect(() => gcpKms({ keyName, environment: {}, shareFolder: path })).toThrow(/shareFolder /);
  });

  test("that is another user's", async () => {
    // Who may give a folder away makes one; all others find that the system's are not theirs.
    const path = process.getuid?.() === 0 ? join(temporary.path, "shared") : "/";
    if (path !== "/") {
      await mkdir(path, { mode: 0o700 });
      await chown(path, 12345, 12345);
    }
    expect(() => gcpKms({ keyName, environment: {}, shareFolder: path })).toThrow(
      "shareFolder is a folder of another user. Name one that belongs to the user of this process.",
    );
  });

  test("that is in no folder", async () => {
    await writeFile(join(temporary.path, "file"), "");
    const shareFolder = join(temporary.path, "file", "shared");
    expect(() => gcpKms({ keyName, environment: {}, shareFolder })).toThrow(
      "shareFolder cannot be used (ENOTDIR). Check its path.",
    );
  });

  test.each([
    ["others may write to", 0o777, 0],
    ["another user owns, whatever its mode", 0o1777, 12345],
  ])("that is in one which %s", async (_what, mode, owner) => {
    const above = join(temporary.path, "above");
    await mkdir(above);
    await chmod(above, mode);
    // Only root can give it away; for all others its mode has to do.
    if (process.getuid?.() === 0) await chown(above, owner, owner);
    else await chmod(above, 0o777);
    for (const name of ["", "shared", "not/there"]) {
      const path = join(above, name, "deep");
      if (name === "shared") await mkdir(path, { recursive: true, mode: 0o700 });
      expect(() => gcpKms({ keyName, environment: {}, shareFolder: path })).toThrow(
        `shareFolder is in a folder that others may change: ${await realpath(above)}. Name one in which only`,
      );
    }
  });

  test("for a client that is given: whom it asks is not known", async () => {
    await using kms = await openKms();
    const client = { decrypt: () => Promise.reject(), encrypt: () => Promise.reject() };
    const options = { client, keyName };
    expect(() => gcpKms({ ...options, environment: {}, shareFolder: temporary.path })).toThrow(
      "shareFolder is not for a client that is given. Leave out one of them.",
    );
    const environment = { GOOGLE_KMS_SHARE_FOLDER: temporary.path, VALUE: kms.seal("one") };
    const stub = { ...client, decrypt: async () => [answerOf("a stand-in's")] as const };
    const standIn = gcpKms({ ...options, client: stub, environment });
    const { signal } = new AbortController();
    await expect(standIn.readSecret("VALUE", { signal })).resolves.toMatchObject({ value: "a stand-in's" });
    Object.assign(kms.environment, environment);
    await expect(kms.secrets().get("VALUE")).resolves.toBe("one");
  });

  test("whose name is empty", () => {
    expect(() => gcpKms({ keyName, environment: {}, shareFolder: "" })).toThrow("shareFolder is empty.");
  });

  test("whose path no socket can have", () => {
    const shareFolder = join(temporary.path, "x".repeat(100));
    expect(() => gcpKms({ keyName, environment: {}, shareFolder })).toThrow(/too long a path for a socket/);
  });

  test("where nothing is remembered that could be shared", () => {
    const options = { keyName, reuseForMs: 0 };
    expect(() => gcpKms({ ...options, environment: {}, shareFolder: temporary.path })).toThrow(
      "shareFolder shares nothing with reuseForMs 0. Leave it out.",
    );
    // The variable is there for all providers of a process, also for those.
    const environment = { GOOGLE_KMS_SHARE_FOLDER: temporary.path };
    expect(() => gcpKms({ ...options, environment })).not.toThrow();
  });
});

test("a folder that is not there is made with the first decryption, for this user alone", async () => {
  await using kms = await openKms();
  const shareFolder = join(temporary.path, "deep", "shared");
  kms.environment.VALUE = kms.seal("one");
  const secrets = kms.secrets({ shareFolder });
  await expect(stat(shareFolder)).rejects.toThrow("ENOENT");
  await expect(secrets.get("VALUE")).resolves.toBe("one");
  const { mode } = await stat(shareFolder);
  expect((mode & 0o777).toString(8)).toBe("700");
});

test("a folder that is opened to others later is not used any more", async () => {
  await using kms = await openKms();
  const shareFolder = temporary.path;
  kms.environment.VALUE = kms.seal("one");
  const [first, second] = [kms.secrets({ shareFolder }), kms.secrets({ shareFolder })];
  await chmod(shareFolder, 0o755);
  await expect(first.get("VALUE")).resolves.toBe("one");
  await expect(second.get("VALUE")).resolves.toBe("one");
  expect(kms.service.requests).toBe(2);
});

test("an empty variable names no folder", async () => {
  await using kms = await openKms();
  kms.environment.GOOGLE_KMS_SHARE_FOLDER = "";
  kms.environment.VALUE = kms.seal("one");
  await expect(kms.secrets().get("VALUE")).resolves.toBe("one");
});

function answerOf(text: string) {
  return { plaintext: Buffer.from(text), plaintextCrc32c: { value: crc32c(Buffer.from(text)) } };
}
