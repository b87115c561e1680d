import { chmod, chown, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyName } from "../../test/harness.ts";
import { openKms } from "../../test/open-kms.ts";
import { type TemporaryFolder, temporaryFolder } from "../../test/temporary-folder.ts";
import { gcpKms } from "../gcp-kms.ts";

let temporary: TemporaryFolder;
beforeEach(async () => {
  temporary = await temporaryFolder();
});
afterEach(() => temporary[Symbol.asyncDispose]());

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
      /shareFolder cannot be looked at/,
    );
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
