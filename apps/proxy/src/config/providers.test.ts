import { mkdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Files, files, load } from "../../test/running-proxy.ts";
import { ConfigError } from "./problem.ts";

const vault = `
export const somethingElse = 1;
export function acmeVault(options) {
  if (typeof options.address !== "string") throw new TypeError("acme: no address, for token " + options.token);
  return {
    name: "acme(" + options.address + ")",
    readSecret: async (key) => (key === "KEY" ? { value: options.token + " of acme" } : undefined),
  };
}
`;

/** A folder with a package that only `import` can load, installed beside the configuration. */
async function withPackage(yaml: string, env = "", source = vault): Promise<Files> {
  const folder = await files({ "config.yaml": yaml, ".env": env });
  await mkdir(folder.path("node_modules/@acme/keyward-vault"), { recursive: true });
  const manifest = { name: "@acme/keyward-vault", type: "module", exports: { import: "./vault.js" } };
  await folder.write("node_modules/@acme/keyward-vault/package.json", JSON.stringify(manifest));
  await folder.write("node_modules/@acme/keyward-vault/vault.js", source);
  await folder.write(
    "own.mjs",
    'export default () => ({ name: "own", readSecret: async () => ({ value: "mine" }) });',
  );
  return folder;
}

const model = "model_list: [{ model_name: a, litellm_params: { model: gpt-4o, api_key: os.environ/KEY } }]\n";

async function keyFrom(providers: string, env = ""): Promise<string | undefined> {
  await using folder = await withPackage(`${model}secrets: { providers: ${providers} }\n`, env);
  const { models, secrets } = await load(folder);
  const key = await models[0]?.apiKey?.read();
  await secrets.close();
  return key;
}

async function mistake(providers: string, env = "", source = vault): Promise<string> {
  await using folder = await withPackage(`secrets:\n  providers:\n${providers}`, env, source);
  try {
    const { secrets } = await load(folder);
    await secrets.close();
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${folder.folder}/`, "");
    throw error;
  }
  throw new Error("the configuration was taken");
}

const acme = '{ package: "@acme/keyward-vault", options: { address: here, token: os.environ/TOKEN } }';

test("a package installed beside the configuration is a store, its options read before it", async () => {
  expect(await keyFrom(`[${acme}]`, "TOKEN=canary-token")).toBe("canary-token of acme");
});

test("so is a file beside it, in its place in the list", async () => {
  expect(await keyFrom("[dotenv, { package: ./own.mjs }]")).toBe("mine");
  expect(await keyFrom("[dotenv, { package: ./own.mjs }]", "KEY=from-env")).toBe("from-env");
});

test("a store is called by its id, and else by its provider's name", async () => {
  const yaml = `
environment_variables:
  A: secret://acme/KEY
  B: secret://second/KEY
  C: secret://dotenv/KEY
secrets: { providers: [dotenv, ${acme}, { package: ./own.mjs, id: second }] }
`;
  await using folder = await withPackage(yaml, "TOKEN=token\nKEY=from-env");
  const { environmentVariables, secrets } = await load(folder);
  await secrets.close();
  expect([...environmentVariables.values()]).toEqual(["token of acme", "mine", "from-env"]);
});

test("what opens a store is masked, and never looked for in a store", async () => {
  const yaml = `${model}secrets: { providers: [${acme}, { azure_key_vault: { vault_url: "https://a.example", tenant_id: t, client_id: c, client_secret: canary-written } }] }\n`;
  await using folder = await withPackage(yaml, "TOKEN=canary-token");
  const { secrets, references } = await load(folder);
  expect(secrets.redact("canary-token canary-written")).toBe("[secret] [secret]");
  expect(references.map(({ place }) => place)).toEqual(["model_list[0].litellm_params.api_key"]);
  await secrets.close();
});

test.each<[string, string, RegExp]>([
  [
    "a package that is not there",
    "    - package: nowhere",
    /^config\.yaml:3:7: error: "nowhere" cannot be loaded from \S*: ERR_MODULE_NOT_FOUND\. Install it there/,
  ],
  [
    "an export that is not there",
    '    - package: "@acme/keyward-vault"\n      export: vault',
    /^config\.yaml:3:7: error: .*exports no function "vault"; there are acmeVault/,
  ],
  [
    "a factory that refuses",
    `    - ${acme.replace("address: here,", "")}`,
    /^config\.yaml:3:9: error: acme: no address, for token \[secret\]$/,
  ],
  [
    "an option that refers to nothing",
    `    - package: ./own.mjs\n      options:\n        a: [x, os.environ/NOWHERE]`,
    /^config\.yaml:5:16: error: "NOWHERE" was not found in .* What opens a store is read before any store is open\.$/,
  ],
  [
    "two stores of one id",
    "    - dotenv\n    - dotenv: { mode: test }",
    /^config\.yaml:4:7: error: there is another store with the id "dotenv": give this one its own, with "id"$/,
  ],
  [
    "an unknown option of a store",
    "    - infisical: { secret_pat: / }",
    /^config\.yaml:3:20: warning: unknown key "secret_pat": did you mean "secret_path"\?$/m,
  ],
  [
    "an option of another kind",
    "    - google_kms: { transport: smtp }",
    /^config\.yaml:3:21: error: "transport" must be one of grpc, rest$/m,
  ],
  [
    "additional data in no known form",
    "    - google_kms: { aad: canary }",
    /^config\.yaml:3:21: error: "aad" must be name, or base64: followed by the bytes$/m,
  ],
  [
    "an unknown store",
    "    - azure_keyvault",
    /^config\.yaml:3:7: error: unknown key "azure_keyvault": did you mean "azure_key_vault"\?$/m,
  ],
  [
    "two stores in one entry",
    "    - dotenv:\n      infisical:",
    /^config\.yaml:3:7: error: an entry of "providers" is a name/m,
  ],
  [
    "a list for a mapping",
    "    - google_kms: [a]",
    /^config\.yaml:3:7: error: "google_kms" must be a mapping/m,
  ],
  [
    "an interval that is a reference",
    "    - dotenv\n  poll_interval: os.environ/INTERVAL",
    /^config\.yaml:4:3: error: this decides where references are looked up/m,
  ],
  [
    "an interval of nothing",
    "    - dotenv\n  poll_interval: 0",
    /^config\.yaml:4:3: error: "poll_interval" must be a number above zero$/m,
  ],
])("%s is told with its place", async (_, providers, expected) => {
  const message = await mistake(`${providers}\n`, "TOKEN=canary-token");
  expect(message).toMatch(expected);
  expect(message).not.toContain("canary");
});

test.each([
  ["no function", "export const a = 1;", 'exports no function "default": name the factory'],
  [
    "no provider",
    "export default () => ({ name: 'x' });",
    "made no provider: it has no name, or no readSecret",
  ],
  ["an error as it is loaded", "throw new Error('canary');", "cannot be loaded from"],
])("a package with %s is told with its place", async (_, source, expected) => {
  const message = await mistake('    - package: "@acme/keyward-vault"\n', "", source);
  expect(message).toMatch(/^config\.yaml:3:7: error: "@acme\/keyward-vault" /);
  expect(message).toContain(expected);
  expect(message).not.toContain("canary");
});

test("what chooses a store cannot be a reference", async () => {
  await using folder = await files({
    "config.yaml": "general_settings:\n  use_azure_key_vault: os.environ/USE\n",
    ".env": "USE=true",
  });
  await expect(load(folder)).rejects.toThrow("2:3: error: this decides where references are looked up");
});
