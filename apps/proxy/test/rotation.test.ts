import { rename } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeAzure } from "../../../packages/azure/test/fake-azure.ts";
import { type KeyedUpstream, keyedUpstream } from "../../../packages/llm/test/keyed-upstream.ts";
import { addressOf, type Command, keyward } from "./command.ts";
import { type Files, files } from "./running-proxy.ts";

const callers = 24;
const rotations = 5;
const keyOf = (rotation: number) => `sk-canary-rotated-${rotation}`;
const messages = [{ role: "user" as const, content: "Hi" }];
let upstream: KeyedUpstream;
let folder: Files;

beforeEach(async () => {
  upstream = await keyedUpstream(keyOf(0));
  folder = await files();
});

afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function config(settings: string): string {
  const params = (model: string) =>
    `{ model: openai/${model}, api_base: "${upstream.url}", api_key: os.environ/LLM-KEY }`;
  // Nothing but the upstream's refusal tells of the new key in time: the next look at the store is ten minutes away.
  return `model_list:
  - { model_name: a, litellm_params: ${params("a")} }
  - { model_name: b, litellm_params: ${params("b")} }
general_settings: { master_key: sk-master${settings} }
router_settings: { num_retries: 0 }
secrets: { poll_interval: 600, cache: { ttl: 600 } }
`;
}

/**
 * Callers that ask without a pause, through the official client, while the key is changed again and again.
 * @returns how many calls were answered, and what failed
 */
async function underLoad(
  command: Command,
  rotate: (key: string) => void | Promise<void>,
): Promise<{ answered: number; failures: unknown[] }> {
  const client = new OpenAI({
    apiKey: "sk-master",
    baseURL: `${await addressOf(command)}/v1`,
    maxRetries: 0,
  });
  const answers = Array.from({ length: callers }, () => 0);
  const failures: unknown[] = [];
  let running = true;
  const loads = answers.map(async (_, index) => {
    const model = index % 2 === 0 ? "a" : "b";
    while (running) {
      try {
        const { response } = await client.chat.completions.create({ model, messages }).withResponse();
        if (response.status !== 200) failures.push(response.status);
      } catch (error) {
        failures.push(error instanceof OpenAI.APIError ? `${error.status} ${error.code}` : error);
      }
      answers[index] = (answers[index] ?? 0) + 1;
    }
  });
  /** Each call under way has ended, so that none meets two rotations. */
  const others = async (): Promise<void> => {
    const before = [...answers];
    while (answers.some((count, index) => count < (before[index] ?? 0) + 3)) await turn();
  };
  await others();
  for (let rotation = 1; rotation <= rotations; rotation++) {
    await rotate(keyOf(rotation));
    await others();
  }
  running = false;
  await Promise.all(loads);
  expect(command.output.out + command.output.error).not.toContain("canary");
  return { answered: answers.reduce((sum, count) => sum + count, 0), failures };
}

test("a key that is revoked and has a new version in Azure Key Vault costs no request", async () => {
  const azure = await FakeAzure.start();
  try {
    azure.vault.secrets.set("LLM-KEY", keyOf(0));
    await folder.write("ca.pem", azure.ca);
    await folder.write("config.yaml", config(", use_azure_key_vault: true"));
    const env = { ...azure.environment(), NODE_EXTRA_CA_CERTS: folder.path("ca.pem") };
    await using command = keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder, env });
    const { answered, failures } = await underLoad(command, (key) => {
      azure.vault.secrets.set("LLM-KEY", key);
      upstream.key = key;
    });
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(callers * 3 * (rotations + 1));
    expect(upstream.refusals).toBeGreaterThanOrEqual(rotations);
    // One reading at the start and one for each rotation: however many callers ran into it.
    expect(azure.vault.reads()).toBe(1 + rotations);
  } finally {
    await azure.close();
  }
});

test("a key that is revoked and has changed in .env costs no request", async () => {
  await folder.write(".env", `LLM-KEY=${keyOf(0)}\n`);
  await folder.write("config.yaml", config(""));
  await using command = keyward(["--config", "config.yaml", "--port", "0"], { cwd: folder.folder });
  const { answered, failures } = await underLoad(command, async (key) => {
    await folder.write(".env.next", `LLM-KEY=${key}\n`);
    await rename(folder.path(".env.next"), folder.path(".env"));
    upstream.key = key;
  });
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(callers * 3 * (rotations + 1));
});
