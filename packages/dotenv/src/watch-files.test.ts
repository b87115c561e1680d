import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { envFolder } from "../test/env-folder.ts";
import { dotenv } from "./index.ts";
import { type WatchTimes, watchFiles } from "./watch-files.ts";

/** Longer than any test: what is seen was seen by the watch on the folder. */
const never = 3_600_000;

function watching(paths: readonly string[], times: Partial<WatchTimes> = {}) {
  const onChange = vi.fn();
  const stop = watchFiles(paths, onChange, { settle: 5, look: never, ...times });
  onTestFinished(stop);
  const reported = (times: number) => vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(times), 5_000);
  return { onChange, stop, reported };
}

test("sees a file written, replaced, removed and made again", async () => {
  await using folder = await envFolder({ ".env": "A=1" });
  const path = join(folder.path, ".env");
  const { reported } = watching([path], { settle: 50 });
  writeFileSync(path, "A=22");
  await reported(1);
  await writeFile(`${path}.new`, "A=3");
  await rename(`${path}.new`, path);
  await reported(2);
  await rm(path);
  await reported(3);
  writeFileSync(path, "A=4");
  await reported(4);
});

test("several writes at once are one report, and other files none", async () => {
  await using folder = await envFolder({ ".env": "A=1" });
  const path = join(folder.path, ".env");
  const { onChange, reported } = watching([path], { settle: 50 });
  for (let size = 1; size <= 5; size++) writeFileSync(path, "A".repeat(size * 7));
  await reported(1);

  const other = watching([join(folder.path, "unrelated")], { settle: 100 });
  await folder.write("unrelated", "A=1");
  await other.reported(1);
  expect(onChange).toHaveBeenCalledTimes(1);
});

test("sees the swap of the link that Kubernetes makes for a mounted secret", async () => {
  await using folder = await envFolder();
  const inside = (name: string) => join(folder.path, name);
  for (const version of ["..1", "..2"]) {
    await mkdir(inside(version));
    await writeFile(join(inside(version), ".env"), `A=${version}`);
  }
  await symlink("..1", inside("..data"));
  await symlink("..data/.env", inside(".env"));
  const { reported } = watching([inside(".env")]);
  await symlink("..2", inside("..data_tmp"));
  await rename(inside("..data_tmp"), inside("..data"));
  await reported(1);
});

test("a slow look finds what the folder does not tell", async () => {
  await using folder = await envFolder();
  await using elsewhere = await envFolder({ target: "A=1" });
  await folder.link("link", join(elsewhere.path, "target"));
  const missing = join(folder.path, "not-yet", ".env");
  const { reported } = watching([join(folder.path, "link"), missing], { look: 20 });
  // Each put there whole: a look must not come between a file that is empty and its text.
  const put = async (text: string, path: string) => {
    await elsewhere.write("new", text);
    await rename(join(elsewhere.path, "new"), path);
  };
  await put("A=22", join(elsewhere.path, "target"));
  await reported(1);
  await mkdir(join(folder.path, "not-yet"));
  await put("A=1", missing);
  await reported(2);
});

test("says nothing once it is stopped", async () => {
  await using folder = await envFolder({ ".env": "A=1" });
  const path = join(folder.path, ".env");
  const stopped = watching([path]);
  const other = watching([path]);
  writeFileSync(path, "A=22");
  stopped.stop();
  await other.reported(1);
  expect(stopped.onChange).not.toHaveBeenCalled();
});

test.each(["abort", "close"])("the provider's watch tells of its files until %s", async (ending) => {
  await using folder = await envFolder();
  const controller = new AbortController();
  const provider = dotenv({ cwd: folder.path, env: {} });
  const onChange = vi.fn();
  provider.watch(onChange, { signal: controller.signal });
  await folder.write(".env.local", "A=1");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), 5_000);

  const other = watching([join(folder.path, ".env")], { settle: 150 });
  if (ending === "abort") controller.abort();
  else await provider.close();
  await folder.write(".env", "A=1");
  await other.reported(1);
  expect(onChange).toHaveBeenCalledTimes(1);
});

test("a watch does not keep the process alive", async () => {
  await using folder = await envFolder({ ".env": "A=1" });
  const script = `
    const { dotenv } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
    dotenv().watch(() => {}, { signal: new AbortController().signal });
    console.log("watching");
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
    { cwd: folder.path, timeout: 15_000 },
  );
  expect(stdout).toBe("watching\n");
});
