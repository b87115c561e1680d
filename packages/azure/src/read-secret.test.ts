import { SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";
import { findReachable } from "../test/find-reachable.ts";
import { sendAnswer } from "../test/https-server.ts";
import { keyVaultAnswers } from "../test/key-vault-answers.ts";
import { azureKeyVault } from "./azure-key-vault.ts";

const { signal } = new AbortController();
let azure: FakeAzure;

beforeEach(async () => {
  azure = await FakeAzure.start();
});
afterEach(() => azure.close());

describe("a reading", () => {
  test("carries version and dates", async () => {
    const expires = new Date(Math.ceil(Date.now() / 1000 + 60) * 1000);
    const version = azure.vault.secrets.set("A", "value", { expires });
    const reading = await azure.provider().readSecret("A", { signal });
    expect(reading).toEqual({
      value: "value",
      version,
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      expiresAt: expires,
    });
    expect(Math.abs(Number(reading?.createdAt) - Date.now())).toBeLessThan(60_000);
  });

  test("is of the version asked for", async () => {
    const older = azure.vault.secrets.set("A", "older");
    azure.vault.secrets.set("A", "newer");
    const provider = azure.provider();
    expect(await provider.readSecret("A", { signal, version: older })).toMatchObject({
      value: "older",
      version: older,
    });
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "newer" });
    expect(await provider.readSecret("A", { signal, version: "0".repeat(32) })).toBeUndefined();
  });
});

describe("an error", () => {
  test.each(["a client of its own", "a client that was handed in"])(
    "leads to no token of another read: %s",
    async (whose) => {
      for (const name of ["HANGS", "FAILS"]) azure.vault.secrets.set(name, azure.value);
      const { vault, entra } = azure;
      const token = { token: entra.issue(), expiresOnTimestamp: Date.now() + 3_600_000 };
      const client = new SecretClient(
        vault.url,
        { getToken: async () => token },
        {
          disableChallengeResourceVerification: true,
          tlsOptions: { ca: azure.ca },
          retryOptions: { maxRetries: 0 },
        },
      );
      const provider = whose === "a client of its own" ? azure.provider() : azureKeyVault({ client });
      const hanging = new AbortController();
      const asked = Promise.withResolvers<void>();
      vault.intercept = (request, response) => {
        if (!request.headers.authorization) return vault.answerAsUsual(request, response);
        if (request.url?.includes("HANGS")) return asked.resolve();
        sendAnswer(response, keyVaultAnswers.forbiddenByRbac);
      };
      const hangs = provider.readSecret("HANGS", { signal: hanging.signal });
      await asked.promise;
      const error = await provider.readSecret("FAILS", { signal }).catch((thrown: unknown) => thrown);
      expect(provider.classify?.(error)).toMatchObject({ reason: "role-missing" });
      expect(findReachable(error, azure.sensitive())).toEqual([]);
      hanging.abort();
      await expect(hangs).rejects.toThrow();
    },
  );
});

describe("a secret that was deleted", () => {
  test("is a failure while it can be recovered, and absent once purged", async () => {
    azure.vault.secrets.set("A", "value");
    azure.vault.secrets.delete("A");
    const provider = azure.provider();
    await expect(provider.readSecret("A", { signal })).rejects.toMatchObject({ reason: "secret-deleted" });
    azure.vault.secrets.purge("A");
    expect(await provider.readSecret("A", { signal })).toBeUndefined();
  });

  test("is absent to an identity that may not look at deleted secrets", async () => {
    azure.vault.secrets.set("A", "value");
    azure.vault.secrets.delete("A");
    azure.vault.mayReadDeleted = false;
    expect(await azure.provider().readSecret("A", { signal })).toBeUndefined();
  });

  test.each([
    [408, "unavailable"],
    [429, "throttled"],
    [503, "unavailable"],
  ])("is not called absent if the vault answers %i before it can tell", async (status, kind) => {
    azure.vault.intercept = (request, response) => {
      if (!request.url?.startsWith("/deletedsecrets/")) return azure.vault.answerAsUsual(request, response);
      response.writeHead(status).end();
    };
    const provider = azure.provider();
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toMatchObject({ kind });
  });
});
