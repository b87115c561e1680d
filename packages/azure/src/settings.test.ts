import { describe, expect, test } from "vitest";
import { azureKeyVault } from "./azure-key-vault.ts";
import type { AzureKeyVaultVaultOptions } from "./options.ts";
import { readSettings } from "./settings.ts";

const vault = { AZURE_KEY_VAULT_URI: "https://my.vault.azure.net/" };
const application = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client", AZURE_CLIENT_SECRET: "hush" };

describe("readSettings", () => {
  test("takes everything from the environment", () => {
    expect(readSettings({ env: { ...vault, ...application } })).toEqual({
      vaultUrl: "https://my.vault.azure.net",
      signIn: {
        by: "client secret",
        tenantId: "tenant",
        clientId: "client",
        clientSecret: "hush",
        authority: undefined,
      },
      disableChallengeVerification: false,
      ca: undefined,
      signInTimeoutMs: 10_000,
    });
  });

  test("lets options win over the environment", () => {
    const settings = readSettings({
      env: {
        ...vault,
        ...application,
        AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us",
        AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION: "true",
      },
      vaultUrl: "https://other.vault.azure.net",
      tenantId: "other-tenant",
      clientId: "other-client",
      clientSecret: "other-hush",
      authorityHost: "login.microsoftonline.com",
      disableChallengeVerification: false,
    });
    expect(settings).toMatchObject({
      vaultUrl: "https://other.vault.azure.net",
      signIn: {
        tenantId: "other-tenant",
        clientId: "other-client",
        clientSecret: "other-hush",
        authority: { host: "https://login.microsoftonline.com" },
      },
      disableChallengeVerification: false,
    });
  });

  test("signs in with the default chain without a client secret, an empty one included", () => {
    const { signIn } = readSettings({ env: { ...vault, ...application, AZURE_CLIENT_SECRET: "" } });
    expect(signIn).toMatchObject({ by: "default chain", tenantId: "tenant", clientId: "client" });
  });

  test("uses a credential as it is, whatever the environment says", () => {
    const credential = { getToken: async () => null };
    const { signIn } = readSettings({ credential, env: { ...vault, ...application } });
    expect(signIn).toEqual({ by: "credential", credential });
  });

  test.each([
    ["https://login.microsoftonline.us/", "https://login.microsoftonline.us", false],
    ["login.chinacloudapi.cn", "https://login.chinacloudapi.cn", false],
    ["https://sign-in.example.com:8443", "https://sign-in.example.com:8443", true],
    ["https://login.microsoftonline.com.example.com", "https://login.microsoftonline.com.example.com", true],
    ["https://login.microsoftonline.com:8443", "https://login.microsoftonline.com:8443", true],
  ])("reads the authority host %s", (AZURE_AUTHORITY_HOST, host, disableInstanceDiscovery) => {
    const { signIn } = readSettings({ env: { ...vault, ...application, AZURE_AUTHORITY_HOST } });
    expect(signIn).toMatchObject({ authority: { host, disableInstanceDiscovery } });
  });

  test.each([
    ["1", true],
    ["TRUE", true],
    ["0", false],
    ["false", false],
    ["", false],
  ])("reads the switch %j", (AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION, expected) => {
    const env = { ...vault, ...application, AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION };
    expect(readSettings({ env }).disableChallengeVerification).toBe(expected);
  });
});

describe("mistakes are found when the provider is made", () => {
  const complete = { env: { ...vault, ...application } };
  test.each<[string, AzureKeyVaultVaultOptions, string]>([
    ["no vault", { env: application }, "AZURE_KEY_VAULT_URI"],
    ["an empty vault", { env: { ...application, AZURE_KEY_VAULT_URI: "" } }, "AZURE_KEY_VAULT_URI"],
    ["not a URL", { ...complete, vaultUrl: "my-vault" }, "not an https URL"],
    ["http", { ...complete, vaultUrl: "http://my.vault.azure.net" }, "not an https URL"],
    ["a secret's URL", { ...complete, vaultUrl: "https://my.vault.azure.net/secrets/a" }, "without a path"],
    ["a password", { ...complete, vaultUrl: "https://u:p@my.vault.azure.net" }, "must not hold a user name"],
    ["no tenant", { env: { ...vault, ...application, AZURE_TENANT_ID: "" } }, "AZURE_TENANT_ID"],
    ["no client ID", { env: { ...vault, ...application, AZURE_CLIENT_ID: "" } }, "AZURE_CLIENT_ID"],
    ["a tenant that is a URL", { ...complete, tenantId: "https://tenant" }, "AZURE_TENANT_ID"],
    ["an authority over http", { ...complete, authorityHost: "http://127.0.0.1" }, "AZURE_AUTHORITY_HOST"],
    [
      "an authority with a path",
      { ...complete, authorityHost: "https://a.example/t" },
      "AZURE_AUTHORITY_HOST",
    ],
    ["a CA as a path", { ...complete, ca: "/etc/ca.pem" }, "their text, not the path"],
    ["no time to sign in", { ...complete, signInTimeoutMs: 0 }, "signInTimeoutMs"],
    ["more time than a timer takes", { ...complete, signInTimeoutMs: Infinity }, "signInTimeoutMs"],
    [
      "a switch that is neither",
      { env: { ...vault, AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION: "yes" } },
      "has to be true or false",
    ],
  ])("%s", (_, options, message) => {
    expect(() => azureKeyVault(options)).toThrow(message);
  });

  test("an option of another type", () => {
    const numeric = JSON.parse('{ "clientSecret": 12345678 }');
    expect(() => azureKeyVault({ ...complete, ...numeric })).toThrow(
      "`clientSecret` has to be of type string, not number.",
    );
  });

  test("an option that does not exist", () => {
    const misspelt = { ...complete, vaultURL: "https://my.vault.azure.net" };
    expect(() => azureKeyVault(misspelt)).toThrow("no option `vaultURL`. Its options are client, vaultUrl,");
  });

  test("no message repeats a value", () => {
    const hush = "value-that-must-not-show";
    for (const options of [
      { vaultUrl: `https://user:${hush}@my.vault.azure.net` },
      { vaultUrl: hush },
      { tenantId: `${hush}/` },
      { authorityHost: `https://user:${hush}@login.example` },
      { ca: hush },
      { env: { ...vault, AZURE_CLIENT_SECRET: hush } },
    ]) {
      expect(() => azureKeyVault({ ...complete, ...options })).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(hush) }),
      );
    }
  });
});
