import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { envFolder } from "../test/env-folder.ts";
import { readText } from "./read-text.ts";

const { signal } = new AbortController();

test.each([
  ["UTF-8", Buffer.from("A=\u00e4\u{1f511}")],
  ["UTF-8 with a byte order mark", Buffer.from("\ufeffA=\u00e4\u{1f511}")],
  ["UTF-16, as PowerShell writes it", Buffer.from("\ufeffA=\u00e4\u{1f511}", "utf16le")],
  ["big-endian UTF-16", Buffer.from("\ufeffA=\u00e4\u{1f511}", "utf16le").swap16()],
])("%s is read", async (_title, bytes) => {
  await using folder = await envFolder({ file: bytes });
  const file = { label: "file", path: join(folder.path, "file"), required: true };
  expect(await readText(file, signal)).toBe("A=\u00e4\u{1f511}");
});

test("an empty file is empty text", async () => {
  await using folder = await envFolder({ file: "" });
  expect(await readText({ label: "file", path: join(folder.path, "file"), required: true }, signal)).toBe("");
});

test.skipIf(process.platform === "win32")(
  "a named pipe is read once somebody writes, and waited for no longer than the signal allows",
  async () => {
    await using folder = await envFolder();
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    const file = { label: "pipe", path, required: true };

    const controller = new AbortController();
    const waiting = readText(file, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);

    const reading = readText(file, signal);
    // Opening waits for the reader, and lets the abandoned one go too.
    const writer = await open(path, constants.O_WRONLY);
    await writer.writeFile("A=1");
    await writer.close();
    expect(await reading).toBe("A=1");
  },
);

test.skipIf(process.platform === "win32")(
  "pipes that nobody writes to do not use up the threads that other files are read with",
  async () => {
    await using folder = await envFolder({ ".env": "A=1" });
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    const enough = new Error("enough");
    // Node has four threads for files and names unless UV_THREADPOOL_SIZE says otherwise.
    const waits = Array.from({ length: 16 }, () => {
      const controller = new AbortController();
      const reading = readText({ label: "pipe", path, required: true }, controller.signal);
      return { controller, ended: expect(reading).rejects.toBe(enough) };
    });
    const other = readText({ label: ".env", path: join(folder.path, ".env"), required: true }, signal);
    expect(await other).toBe("A=1");
    for (const { controller, ended } of waits) {
      controller.abort(enough);
      await ended;
    }
  },
);
