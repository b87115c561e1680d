import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Harness } from "@keyward/conformance";
import { dotenv } from "../src/index.ts";
import { assignmentText } from "./assignment-text.ts";
import { envFolder } from "./env-folder.ts";

/**
 * The store is a real file, which the session replaces, refuses, or turns into a link that leads nowhere or a pipe
 * that nobody writes to.
 */
export const dotenvHarness: Harness = {
  lacks: {
    versions: "a .env file keeps one value for each name",
    throttle: "a file is never asked too often",
    "retry after": "a file is never asked too often",
  },

  async open() {
    const folder = await envFolder({ "app.env": "" });
    const path = join(folder.path, "app.env");
    const values = new Map<string, string>();
    const save = () =>
      folder.write("app.env", [...values].map(([key, value]) => assignmentText(key, value)).join(""));

    let ending: (() => Promise<void>) | undefined;
    const heal = async () => {
      await ending?.();
      ending = undefined;
      await rm(path, { force: true });
      await save();
    };

    return {
      provider: dotenv({ path, env: {} }),
      async seed(key, value) {
        values.set(key, value);
        await save();
        return undefined;
      },
      async remove(key) {
        values.delete(key);
        await save();
      },
      async deny() {
        const refusal = await folder.refuse("app.env");
        ending = async () => refusal[Symbol.asyncDispose]();
      },
      async outage() {
        await rm(path);
        await folder.link("app.env", "app.env");
      },
      async hang() {
        await rm(path);
        await promisify(execFile)("mkfifo", [path]);
        ending = () => releaseReaders(path);
      },
      corrupt: () => folder.write("app.env", Buffer.from("\u00ff".repeat(64), "latin1")),
      heal,
      async dispose() {
        await heal();
        await folder[Symbol.asyncDispose]();
      },
    };
  },
};

/** Gives whoever waits for the pipe an end of file. */
async function releaseReaders(path: string): Promise<void> {
  try {
    const writer = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    await writer.close();
  } catch (error) {
    // Nobody waits.
    if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
  }
}
