import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openKms } from "../../test/open-kms.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";

const program = fileURLToPath(new URL("../../test/read-and-end.ts", import.meta.url));

test.each(["leads", "does not lead"])("a program that %s ends by itself, among others", async (what) => {
  await using kms = await openKms();
  using folder = temporaryFolder();
  const { keyName = "", endpoint = "" } = kms.options;
  kms.environment.VALUE = kms.seal("twelve signs");
  kms.environment.OTHER = kms.seal("other");
  const other = kms.secrets({ shareFolder: folder.path });
  if (what === "does not lead") await other.get("OTHER");
  const env = {
    METADATA_SERVER_DETECTION: "none",
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: endpoint,
    GOOGLE_KMS_SHARE_FOLDER: folder.path,
    VALUE: kms.environment.VALUE,
  };
  // Killed long after a program that nothing keeps has ended.
  const child = spawn(process.execPath, [program], {
    env,
    timeout: 15_000,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [printed] = await once(child.stdout, "data");
  expect(String(printed)).toBe("12\n");
  await expect(other.get("VALUE")).resolves.toBe("twelve signs");
  expect(kms.service.requests).toBe(what === "leads" ? 1 : 2);
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});
