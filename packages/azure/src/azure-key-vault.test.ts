import { SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";
import { azureKeyVault } from "./azure-key-vault.ts";

const { signal } = new AbortController();
const hour = 3_600_000;
let azure: FakeAzure;

beforeEach(async () => {
  azure = await FakeAzure.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await azure.close();
});

describe("azureKeyVault", () => {
  test("reads with what the environment says", async () => {
    azure.vault.secrets.set("AZURE-API-KEY", "value");
    const provider = azure.provider();
    expect(provider.name).toBe(`azure-key-vault(${azure.vault.url})`);
    expect(provider.signedInWith).toBeUndefined();
    expect(await provider.readSecret("AZURE_API_KEY", { signal })).toMatchObject({ value: "value" });
    expect(provider.signedInWith).toBe("ClientSecretCredential");
  });

  test("reads with a credential that is handed in", async () => {
    azure.vault.secrets.set("A", "value");
    class OwnCredential {
      async getToken() {
        return { token: azure.entra.issue(), expiresOnTimestamp: Date.now() + hour };
      }
    }
    const provider = azure.provider({ credential: new OwnCredential() });
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "value" });
    expect(provider.signedInWith).toBe("OwnCredential");
    expect(azure.entra.tokenRequests).toBe(0);
  });

  test("reads with a client that is handed in, and leaves it open", async () => {
    azure.vault.secrets.set("A", "value");
    const token = { token: azure.entra.issue(), expiresOnTimestamp: Date.now() + hour };
    const client = new SecretClient(
      azure.vault.url,
      { getToken: async () => token },
      {
        disableChallengeResourceVerification: true,
        tlsOptions: { ca: azure.ca },
        retryOptions: { maxRetries: 0 },
      },
    );
    const provider = azureKeyVault({ client });
    expect(provider.name).toBe(`azure-key-vault(${azure.vault.url})`);
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "value" });
    expect(provider.signedInWith).toBeUndefined();
    await provider.close?.();
    await expect(provider.readSecret("A", { signal })).rejects.toThrow("closed");
    expect((await client.getSecret("A")).value).toBe("value");
  });

  test("takes `keepCase` with a client, and options that are left undefined", async () => {
    const asked: string[] = [];
    const client = {
      vaultUrl: "https://my.vault.azure.net",
      async getSecret(name: string) {
        asked.push(name);
        return { name, value: "value", properties: { name, vaultUrl: "https://my.vault.azure.net" } };
      },
      getDeletedSecret: () => Promise.reject(new Error("not asked for")),
    };
    const options = { client, keepCase: true, vaultUrl: undefined };
    const provider = azureKeyVault(options);
    await provider.readSecret("azure_api_key", { signal });
    expect(asked).toEqual(["azure-api-key"]);
  });

  test.each([{ client: {} }, { client: "https://my.vault.azure.net" }, { client: { getSecret() {} } }])(
    "refuses what is no client: %j",
    (options: object) => {
      expect(() => azureKeyVault(options)).toThrow("`client` has to be a `SecretClient`");
    },
  );

  test("refuses options that a client does not take by their type", () => {
    const client = new SecretClient("https://my.vault.azure.net", { getToken: async () => null });
    const options: object = { client, keepCase: "yes" };
    expect(() => azureKeyVault(options)).toThrow("`keepCase` has to be of type boolean");
  });

  test("calls nothing but `getToken` of a credential that is handed in", async () => {
    azure.vault.secrets.set("A", "value");
    const issue = () => ({ token: azure.entra.issue(), expiresOnTimestamp: Date.now() + hour });
    class OwnCredential {
      async getToken() {
        return issue();
      }
      /** Its own business, though a chain of the SDK has a method of this name. */
      async getTokenInternal() {
        return undefined;
      }
    }
    const provider = azure.provider({ credential: new OwnCredential() });
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "value" });
    expect(provider.signedInWith).toBe("OwnCredential");
  });

  test("refuses a client together with what would build another", () => {
    const client = new SecretClient("https://my.vault.azure.net", { getToken: async () => null });
    const both = { client, tenantId: "tenant" };
    expect(() => azureKeyVault(both)).toThrow("leave out `tenantId`");
  });

  test("sends nobody's token on to where an answer points", async () => {
    azure.vault.intercept = (_, response) => response.writeHead(307, { location: "/elsewhere" }).end();
    await expect(azure.provider().readSecret("A", { signal })).rejects.toThrow("status 307");
    expect(azure.vault.log).toEqual(["GET /secrets/A/"]);
  });

  test("tries to start again after it could not", async () => {
    azure.vault.secrets.set("A", "value");
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "nonsense");
    const env = azure.environment();
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const provider = azure.provider({ env: { ...env, AZURE_CLIENT_SECRET: "" } });
    await expect(provider.readSecret("A", { signal })).rejects.toThrow("AZURE_TOKEN_CREDENTIALS");
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "value" });
    expect(provider.signedInWith).toBe("EnvironmentCredential");
  });

  test("asks for a secret in Key Vault's spelling, and in the given case only if asked to", async () => {
    await azure.provider().readSecret("azure_api_key", { signal });
    expect(azure.vault.log).toContain("GET /secrets/AZURE-API-KEY/ (bearer)");
    await azure.provider({ keepCase: true }).readSecret("azure_api_key", { signal });
    expect(azure.vault.log).toContain("GET /secrets/azure-api-key/ (bearer)");
  });

  test("refuses a name that Key Vault cannot hold before any request", async () => {
    const provider = azure.provider();
    await expect(provider.readSecret("a/../b", { signal })).rejects.toThrow("Character 2");
    expect(() => provider.storeKey?.("a.b")).toThrow("Character 2");
    expect(azure.vault.log).toEqual([]);
  });

  test("asks no more of the tenant than it is told, and trusts no other vault", async () => {
    azure.vault.secrets.set("A", "value");
    const provider = azure.provider({ disableChallengeVerification: false });
    await expect(provider.readSecret("A", { signal })).rejects.toThrow("does not match the requested domain");
    expect(azure.entra.tokenRequests).toBe(0);
  });
});

describe("closing", () => {
  test("closes the connections to the vault and to the tenant", async () => {
    azure.vault.secrets.set("A", "value");
    const provider = azure.provider();
    await provider.readSecret("A", { signal });
    const { vault, entra } = azure;
    expect(Math.min(vault.server.connections(), entra.server.connections())).toBeGreaterThan(0);
    await provider.close?.();
    await expect.poll(() => [vault.server.connections(), entra.server.connections()]).toEqual([0, 0]);
  });

  test("ends a read that waits for a credential", async () => {
    const asked = Promise.withResolvers<void>();
    const getToken = () => {
      asked.resolve();
      return new Promise<never>(() => {});
    };
    const provider = azure.provider({ credential: { getToken } });
    const read = expect(provider.readSecret("A", { signal })).rejects.toThrow("closed");
    await asked.promise;
    await provider.close?.();
    await read;
  });
});
