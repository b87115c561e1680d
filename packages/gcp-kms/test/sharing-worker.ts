/**
 * A worker of the kind that an application has ten of: a process, a member of a cluster, or a thread. At each message
 * it reads every variable of `VARIABLES` and answers with their values.
 */
import { parentPort } from "node:worker_threads";
import { createSecrets } from "@keyward/core";
import { gcpKms } from "../src/index.ts";

const secrets = createSecrets({ providers: [gcpKms()], retry: { attempts: 1 }, deadlineMs: 60_000 });
const names = (process.env.VARIABLES ?? "").split(",");

async function read(): Promise<readonly string[] | string> {
  try {
    return await Promise.all(names.map((name) => secrets.get(name)));
  } catch (error) {
    return String(error);
  }
}

if (parentPort) {
  const port = parentPort;
  port.on("message", async () => port.postMessage(await read()));
  port.postMessage("ready");
} else {
  process.on("message", async () => process.send?.(await read()));
  process.send?.("ready");
}
