import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { encrypt } from "../src/commands/encrypt.ts";
import { main } from "./command.ts";
import { files } from "./running-proxy.ts";
import { keyName } from "./sealed.ts";

/** What `keyward encrypt --name A < path` says. */
async function encryptFrom(path: string) {
  await using folder = await files({ ".env": `GOOGLE_KMS_RESOURCE_NAME=${keyName}\n` });
  await using file = await open(path);
  const env = { PATH: process.env.PATH, METADATA_SERVER_DETECTION: "none" };
  const child = spawn(process.execPath, [main, "encrypt", "--name", "A"], {
    cwd: folder.folder,
    env,
    stdio: [file.fd, "pipe", "pipe"],
    timeout: 15_000,
  });
  const heard = { out: "", error: "" };
  for (const [key, stream] of [["out", child.stdout] as const, ["error", child.stderr] as const]) {
    stream?.on("data", (chunk: Buffer) => {
      heard[key] += chunk.toString();
    });
  }
  const [code] = await once(child, "close");
  return { code, ...heard };
}

test.skipIf(process.platform === "win32")("an input without an end is refused as too long", async () => {
  const { code, out, error } = await encryptFrom("/dev/zero");
  expect(error).toMatch(/^[^\n]*at most 64 KiB[^\n]*\n$/);
  expect([code, out]).toEqual([1, ""]);
});

test.skipIf(process.platform === "win32")("a folder is told from an input with nothing in it", async () => {
  const { code, out, error } = await encryptFrom(tmpdir());
  expect(error).toMatch(/^Standard input cannot be read \(EISDIR\)\. The secret is read from standard input/);
  expect([code, out]).toEqual([1, ""]);
});

test("no more is read than it takes to know that it is too long, wherever a character is cut", async () => {
  for (const text of ["a".repeat(1000), "€".repeat(333), "🌍".repeat(250), "a🌍€".repeat(100)]) {
    let read = 0;
    const endless = function* () {
      for (;;) {
        const chunk = Buffer.from(text);
        read += chunk.length;
        yield chunk;
      }
    };
    const work = encrypt({ name: "A", keyName, input: Readable.from(endless()), print: () => {} });
    await expect(work).rejects.toThrow(/at most 64 KiB/);
    expect(read).toBeLessThan(200_000);
  }
});

test("an input that breaks off is not encrypted", async () => {
  const broken = function* () {
    yield Buffer.from("canary");
    throw Object.assign(new Error("canary"), { code: "EIO" });
  };
  const work = encrypt({ name: "A", keyName, input: Readable.from(broken()), print: () => {} });
  await expect(work).rejects.toThrow(/^Standard input cannot be read \(EIO\)\./);
});
