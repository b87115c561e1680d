import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeAzure } from "../../../packages/azure/test/fake-azure.ts";
import { addressOf, ask, keyward } from "./command.ts";
import { type FakeOpenAi, fakeOpenAi } from "./fake-openai.ts";
import { type Files, files } from "./running-proxy.ts";

const key = "canary-azure-key-1";
let azure: FakeAzure;
let upstream: FakeOpenAi;
let folder: Files;
let env: Record<string, string>;

beforeEach(async () => {
  azure = await FakeAzure.start();
  upstream = await fakeOpenAi([key, "canary-azure-key-2"]);
  azure.vault.secrets.set("AZURE-API-KEY", key);
  azure.vault.secrets.set("AZURE-API-BASE", upstream.url.replace("/v1", ""));
  folder = await files({ "ca.pem": azure.ca });
  env = { ...azure.environment(), NODE_EXTRA_CA_CERTS: folder.path("ca.pem") };
});

afterEach(async () => {
  await folder[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await azure.close();
});

const serve = ["--config", "config.yaml", "--port", "0"];

/** The reference's configuration, with its indentation mended and a deployment filled in. */
async function reference(): Promise<string> {
  const text = await readFile(new URL("reference-azure.txt", import.meta.url), "utf8");
  return text
    .replace(/^ {8}(?=litellm_params)/m, "      ")
    .replace("<your-deployment-name>", "my-deployment");
}

const config = (settings: string, apiKey = "os.environ/AZURE-API-KEY") => `
model_list:
  - model_name: a
    litellm_params: { model: azure/d, api_key: ${apiKey}, api_base: os.environ/AZURE_API_BASE }
${settings}
`;

test("the reference's example sends upstream the key and the address that the vault holds", async () => {
  await folder.write("config.yaml", await reference());
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  await using question = keyward(["--test", "--url", url], { cwd: folder.folder });
  expect(await question.ended).toBe(0);
  expect(question.output.out).toBe("my-azure-models: Hello 🌍\n");
  expect(upstream.requests).toHaveLength(1);
  expect(upstream.requests[0]?.headers["api-key"]).toBe(key);
  expect(upstream.requests[0]?.url).toContain("/openai/deployments/my-deployment/chat/completions");
});

test.each([
  [
    "use_azure_key_vault, both spellings",
    config("general_settings: { use_azure_key_vault: True }", "os.environ/AZURE_API_KEY"),
  ],
  ["key_management_system", config("general_settings: { key_management_system: azure_key_vault }")],
  ["both", config("general_settings: { use_azure_key_vault: true, key_management_system: azure_key_vault }")],
  ["secrets.providers", config("secrets: { providers: [azure_key_vault] }")],
  [
    "options that refer to the environment",
    config(
      "secrets: { providers: [{ azure_key_vault: { id: vault, client_secret: os.environ/OTHER_SECRET } }] }",
      "secret://vault/AZURE-API-KEY",
    ),
  ],
])("the vault is asked by %s", async (_, text) => {
  await folder.write("config.yaml", text);
  const { AZURE_CLIENT_SECRET: secret = "", ...others } = env;
  // What the reference exports may stand in .env as well, except what Node itself reads.
  const names = {
    ...others,
    ...(text.includes("OTHER_SECRET") ? { OTHER_SECRET: secret } : { AZURE_CLIENT_SECRET: secret }),
  };
  await folder.write(
    ".env",
    Object.entries(names)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const { NODE_EXTRA_CA_CERTS = "" } = env;
  await using command = keyward(serve, { cwd: folder.folder, env: { NODE_EXTRA_CA_CERTS } });
  expect(await ask(await addressOf(command), "a")).toBe(200);
  expect(upstream.requests[0]?.headers["api-key"]).toBe(key);
  expect(command.output.out + command.output.error).not.toContain("canary");
});

test("what the vault does not have is looked for in the environment, and nothing else is", async () => {
  await folder.write(
    "config.yaml",
    config("general_settings: { use_azure_key_vault: true, master_key: os.environ/LOCAL_ONLY }"),
  );
  await folder.write(".env", "LOCAL_ONLY=canary-local\nAZURE_API_KEY=canary-not-this\n");
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  expect(await command.ended).toBe(0);
  expect(command.output.out).toMatch(/LOCAL_ONLY +dotenv\(.env, .env.local\)/);
  expect(command.output.out).toMatch(/AZURE-API-KEY +azure-key-vault\(/);
});

test("hosted_keys says for which names the vault is asked", async () => {
  const settings =
    "general_settings: { use_azure_key_vault: true, key_management_settings: { hosted_keys: [AZURE_API_BASE] } }";
  await folder.write("config.yaml", config(settings));
  await folder.write(".env", "AZURE-API-KEY=canary-azure-key-2\n");
  await using command = keyward(serve, { cwd: folder.folder, env });
  expect(await ask(await addressOf(command), "a")).toBe(200);
  expect(upstream.requests[0]?.headers["api-key"]).toBe("canary-azure-key-2");
  expect(azure.vault.reads()).toBe(1);
});

test("two spellings of one secret are one warning that names both places", async () => {
  const text = `model_list:
  - model_name: a
    litellm_params: { model: azure/d, api_key: os.environ/AZURE_API_KEY, api_base: os.environ/AZURE_API_BASE }
  - model_name: b
    litellm_params: { model: azure/d, api_key: os.environ/AZURE-API-KEY, api_base: os.environ/AZURE_API_BASE }
  - model_name: c
    litellm_params: { model: azure/d, api_key: os.environ/AZURE-API-KEY, api_base: os.environ/AZURE_API_BASE }
general_settings: { use_azure_key_vault: true }
`;
  await folder.write("config.yaml", text);
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  expect(await command.ended).toBe(0);
  const warnings = command.output.out.split("\n").filter((line) => line.includes("warning"));
  expect(warnings).toEqual([
    `config.yaml:5:39: warning: "AZURE_API_KEY" (config.yaml:3:39) and "AZURE-API-KEY" (config.yaml:5:39) ` +
      `are one secret in azure-key-vault(${azure.vault.url}): write it in one way`,
  ]);
});

test("a name that no vault can hold is an error with its place, before any request", async () => {
  await folder.write(
    "config.yaml",
    config("general_settings: { use_azure_key_vault: true }", "os.environ/a.b"),
  );
  await using command = keyward(serve, { cwd: folder.folder, env });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toMatch(/^config\.yaml:4:39: error: .*Key Vault names are 1 to 127/m);
  expect(azure.vault.log.filter((line) => line.includes("a.b"))).toEqual([]);
});

test.each<[string, (env: Record<string, string>) => void, RegExp]>([
  [
    "no vault",
    (env) => void delete env.AZURE_KEY_VAULT_URI,
    /^config\.yaml:5:3: error: No Key Vault given\. Set AZURE_KEY_VAULT_URI/,
  ],
  [
    "half an identity",
    (env) => void delete env.AZURE_TENANT_ID,
    /^config\.yaml:5:3: error: A client secret is given without AZURE_TENANT_ID/,
  ],
  [
    "a wrong secret",
    (env) => void Object.assign(env, { AZURE_CLIENT_SECRET: "canary-wrong" }),
    /^config\.yaml:3:\d+: error: .*Entra refuses the client secret/,
  ],
])("%s is told with a place and a remedy", async (_, spoil, expected) => {
  const text = config("general_settings:\n  use_azure_key_vault: true").trimStart();
  await folder.write("config.yaml", text);
  spoil(env);
  await using command = keyward(serve, { cwd: folder.folder, env });
  expect(await command.ended).toBe(1);
  expect(command.output.error).toMatch(new RegExp(expected.source, "m"));
  expect(command.output.error).not.toContain("canary");
});

test("a new version is in use within the polling interval, and no request fails", async () => {
  const settings = "general_settings: { use_azure_key_vault: true }\nsecrets: { poll_interval: 0.2 }";
  await folder.write("config.yaml", config(settings));
  await using command = keyward(serve, { cwd: folder.folder, env });
  const url = await addressOf(command);
  expect(await ask(url, "a")).toBe(200);
  azure.vault.secrets.set("AZURE-API-KEY", "canary-azure-key-2");
  const started = performance.now();
  await vi.waitFor(
    async () => {
      expect(await ask(url, "a")).toBe(200);
      expect(upstream.requests.at(-1)?.headers["api-key"]).toBe("canary-azure-key-2");
    },
    { interval: 10, timeout: 5_000 },
  );
  // The longest wait is 1.2 intervals; the rest is for a busy machine. Without polling it would be the five minutes of the cache.
  expect(performance.now() - started).toBeLessThan(2_000);
  await vi.waitFor(() => expect(command.output.out).toMatch(/AZURE-API-KEY.* has changed/));
  expect(command.output.out + command.output.error).not.toContain("canary");
});
