import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FakeKmsServer, fakeKmsGrpc } from "../../../../packages/gcp-kms/test/fake-kms-grpc.ts";
import { encryptWith, keyName } from "../../../proxy/test/sealed.ts";
import type { Benchmark, Report } from "../benchmark.ts";
import { inRounds } from "../rounds.ts";
import { announcedPort } from "./announced-port.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface Size {
  readonly rounds: number;
  readonly workers: number;
  readonly secrets: number;
}

/** Starts proxies whose keys are encrypted with Cloud KMS, all at once, and waits until all of them listen. */
async function measureWorkers({ rounds, workers, secrets }: Size): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const kms = await fakeKmsGrpc();
  opened.defer(kms.dispose);
  kms.service.keys.create(keyName);
  const folder = await temporaryFolder(opened);
  await writeConfiguration(folder, kms, secrets);
  const asked = [new Set<number>(), new Set<number>()];
  const variants: Record<string, string>[] = [{}, { GOOGLE_KMS_SHARE_FOLDER: "shared" }];
  const times = await inRounds(
    rounds,
    "ms",
    variants.map((variables, index) => async () => {
      const before = kms.service.requests;
      const startedAt = performance.now();
      await using _ = await startAll(workers, folder, { ...settings(kms), ...variables });
      const elapsed = performance.now() - startedAt;
      asked[index]?.add(kms.service.requests - before);
      return elapsed;
    }),
  );
  return {
    title: `${workers} proxies that start at once, with ${secrets} encrypted secrets`,
    method:
      `Each is a process of its own, killed at the end of a round; a Cloud KMS on this machine answers at once. ` +
      `${rounds} rounds after one to warm up.`,
    columns: ["decryptions", "until all of them listen"],
    rows: ["each for itself", "with a share_folder"].map((name, index) => ({
      name,
      figures: [[...(asked[index] ?? [])].join(" or "), times[index] ?? ""],
    })),
  };
}

async function writeConfiguration(folder: string, kms: FakeKmsServer, secrets: number): Promise<void> {
  const indices = Array.from({ length: secrets }, (_, index) => index);
  const models = indices.map(
    (index) =>
      `  - model_name: model-${index}\n    litellm_params:\n      model: openai/model\n` +
      `      api_base: http://127.0.0.1:9/v1\n      api_key: os.environ/KEY_${index}\n`,
  );
  const general = "general_settings:\n  use_google_kms: true\n  master_key: sk-bench-0123456789\n";
  await writeFile(join(folder, "config.yaml"), `model_list:\n${models.join("")}${general}`);
  const lines = indices.map((index) => `KEY_${index}=${encryptWith(kms.service, `sk-${index}`)}\n`);
  await writeFile(join(folder, ".env"), lines.join(""));
}

function settings(kms: FakeKmsServer): Record<string, string> {
  return {
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `http://127.0.0.1:${kms.port}`,
    METADATA_SERVER_DETECTION: "none",
  };
}

async function startAll(
  count: number,
  folder: string,
  variables: Record<string, string>,
): Promise<AsyncDisposable> {
  const opened = new AsyncDisposableStack();
  const main = fileURLToPath(new URL("../../../proxy/dist/main.js", import.meta.url));
  const starting = Array.from({ length: count }, async () => {
    const args = [main, "--config", "config.yaml", "--port", "0", "--host", "127.0.0.1"];
    const env = { PATH: process.env.PATH, XDG_DATA_HOME: folder, ...variables };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    opened.defer(async () => {
      child.kill("SIGKILL");
      await exited;
    });
    if ((await announcedPort(child.stdout)) === undefined)
      throw new Error("keyward did not start; see above.");
  });
  await Promise.all(starting);
  return opened;
}

export const workers: Benchmark = {
  full: () => measureWorkers({ rounds: 7, workers: 10, secrets: 5 }),
  tiny: () => measureWorkers({ rounds: 1, workers: 2, secrets: 1 }),
};
