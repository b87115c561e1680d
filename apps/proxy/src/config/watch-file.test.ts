import { mkdir, writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { files } from "../../test/running-proxy.ts";
import { watchFile } from "./watch-file.ts";

const times = { settle: 10, look: 30 };

test("a file in a folder that cannot be watched, or comes later, is found by looking", async () => {
  await using folder = await files();
  const onChange = vi.fn();
  const stop = watchFile(folder.path("later/config.yaml"), "a: 1", onChange, times);

  await mkdir(folder.path("later"));
  await writeFile(folder.path("later/config.yaml"), "a: 2");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce());
  stop();
});

test("a file that is written in pieces, blank at first, is one change", async () => {
  await using folder = await files({ "config.yaml": "a: 1" });
  const onChange = vi.fn();
  const stop = watchFile(folder.path("config.yaml"), "a: 1", onChange, { settle: 200, look: 60_000 });
  for (const text of ["", "a: 2", "a: 2\nb: 3", "a: 2\nb: 3\nc: 4"]) await folder.write("config.yaml", text);
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce(), { timeout: 5_000 });
  await folder.write("config.yaml", "a: 2\nb: 3\nc: 4");
  await folder.write("config.yaml", "a: 1");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  stop();
});
