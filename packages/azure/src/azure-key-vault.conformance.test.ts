import { SecretClient } from "@azure/keyvault-secrets";
import { describeProvider, type Harness, type Session } from "@keyward/conformance";
import type { SecretProvider } from "@keyward/core";
import { FakeAzure } from "../test/fake-azure.ts";
import { keyVaultAnswers } from "../test/key-vault-answers.ts";
import { azureKeyVault } from "./azure-key-vault.ts";
import { secretName } from "./secret-name.ts";

/** A provider for a fake vault, built from whichever options `providerFor` gives it. */
function harness(providerFor: (azure: FakeAzure) => SecretProvider): Harness {
  return { open: () => open(providerFor) };
}

async function open(providerFor: (azure: FakeAzure) => SecretProvider): Promise<Session> {
  const azure = await FakeAzure.start();
  const { vault } = azure;
  return {
    provider: providerFor(azure),
    async seed(key, value) {
      return { version: vault.secrets.set(secretName(key), value) };
    },
    async remove(key) {
      vault.secrets.delete(secretName(key));
      vault.secrets.purge(secretName(key));
    },
    async deny() {
      vault.answer = keyVaultAnswers.forbiddenByRbac;
    },
    async outage() {
      vault.intercept = (request) => request.socket.destroy();
    },
    async throttle(seconds) {
      vault.answer = keyVaultAnswers.throttled(seconds);
    },
    async hang() {
      vault.intercept = () => {};
    },
    async corrupt() {
      vault.answer = { status: 200, body: { kind: "something else" } };
    },
    async heal() {
      vault.intercept = undefined;
      vault.answer = undefined;
    },
    requests: () => vault.log.length,
    get credentials() {
      return azure.sensitive();
    },
    dispose: () => azure.close(),
  };
}

/** An application's own, which knows of no signal. */
function ownCredential({ entra }: FakeAzure) {
  return { getToken: async () => ({ token: entra.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }) };
}

describeProvider(
  "azureKeyVault()",
  harness((azure) => azure.provider()),
);
describeProvider(
  "azureKeyVault({ vaultUrl, credential })",
  harness((azure) =>
    azure.provider({
      env: {},
      vaultUrl: azure.vault.url,
      credential: ownCredential(azure),
      disableChallengeVerification: true,
    }),
  ),
);
describeProvider(
  "azureKeyVault({ client })",
  harness((azure) => {
    const client = new SecretClient(azure.vault.url, ownCredential(azure), {
      disableChallengeResourceVerification: true,
      tlsOptions: { ca: azure.ca },
      retryOptions: { maxRetries: 0 },
    });
    return azureKeyVault({ client });
  }),
);
