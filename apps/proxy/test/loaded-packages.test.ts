import { expect, test } from "vitest";
import { keyward } from "./command.ts";
import { files } from "./running-proxy.ts";

const report = `
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const name = /\\/(?:packages|@keyward)\\/(azure|gcp-kms|infisical|dotenv)\\/dist\\//.exec(url)?.[1];
    if (name) loaded.add(name);
    return next(url, context);
  },
});
process.on("exit", () => process.stderr.write("loaded: " + [...loaded].sort().join(", ") + "\\n"));
`;

test.each([
  ["", "dotenv"],
  ["general_settings: { use_azure_key_vault: true }", "azure, dotenv"],
  ["general_settings: { use_google_kms: true }", "dotenv, gcp-kms"],
  ["general_settings: { use_infisical: true }", "dotenv, infisical"],
])("only what %j configures is loaded", async (settings, expected) => {
  await using folder = await files({ "config.yaml": `model_list: []\n${settings}\n`, "report.mjs": report });
  const env = {
    NODE_OPTIONS: `--import=${folder.path("report.mjs")}`,
    AZURE_KEY_VAULT_URI: "https://a.vault.azure.net",
    GOOGLE_KMS_RESOURCE_NAME: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    INFISICAL_TOKEN: "token",
    INFISICAL_PROJECT_ID: "project",
    INFISICAL_ENVIRONMENT: "test",
  };
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  expect(await command.ended).toBe(0);
  expect(command.output.error).toBe(`loaded: ${expected}\n`);
});
