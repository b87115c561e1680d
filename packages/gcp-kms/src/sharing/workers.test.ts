import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../../test/fake-kms-grpc.ts";
import { encryptWith, keyName } from "../../test/harness.ts";
import { type TemporaryFolder, temporaryFolder } from "../../test/temporary-folder.ts";
import { type RunningWorker, startWorker, type WorkerKind } from "../../test/workers.ts";

const values = ["canary-1", "canary-2", "canary-3"];
let server: FakeKmsServer;
let folder: TemporaryFolder;
let running: RunningWorker[];
let variables: Record<string, string>;

beforeEach(async () => {
  server = await fakeKmsGrpc();
  server.service.keys.create(keyName);
  folder = temporaryFolder();
  running = [];
  variables = {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${server.port}`,
    VARIABLES: values.join(","),
    ...Object.fromEntries(values.map((value) => [value, encryptWith(server.service, value)])),
  };
});

afterEach(async () => {
  await Promise.all(running.map((worker) => worker.kill()));
  await server.dispose();
  folder.dispose();
});

async function start(kind: WorkerKind, count: number): Promise<void> {
  const starting = Array.from({ length: count }, () => startWorker(kind, variables));
  running.push(...(await Promise.all(starting)));
}

async function killAll(): Promise<void> {
  await Promise.all(running.splice(0).map((worker) => worker.kill()));
}

async function readAll(): Promise<void> {
  const read = await Promise.all(running.map((worker) => worker.read()));
  expect(read).toEqual(running.map(() => values));
}

/**
 * Far above the number of variables, which it is where the machine is quiet, and a third of what ten would ask. A
 * worker that is kept from the processor for seconds is not waited for.
 */
const notShared = 10;

// Ten programs that load at the same time, twice: a busy machine takes its time.
const patience = 120_000;

test.each<WorkerKind>(["process", "cluster"])(
  "ten workers, each a %s, do not cost ten times the decryptions, nor does their restart",
  async (kind) => {
    variables.GOOGLE_KMS_SHARE_FOLDER = folder.path;
    for (let generation = 1; generation <= 2; generation++) {
      await start(kind, 10);
      await readAll();
      expect(server.service.requests).toBeLessThan(generation * notShared);
      await killAll();
    }
  },
  patience,
);

test(
  "nor do ten threads that restart one after the other",
  async () => {
    variables.GOOGLE_KMS_SHARE_FOLDER = folder.path;
    await start("thread", 10);
    await readAll();
    for (const thread of running.splice(0)) {
      await thread.kill();
      await start("thread", 1);
      await readAll();
    }
    expect(server.service.requests).toBeLessThan(2 * notShared);
  },
  patience,
);

test("without a folder to meet in, each decrypts for itself", async () => {
  await start("thread", 2);
  await readAll();
  expect(server.service.requests).toBe(2 * values.length);
});
