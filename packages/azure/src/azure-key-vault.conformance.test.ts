import { describeProvider, type Session } from "@keyward/conformance";
import { FakeAzure } from "../test/fake-azure.ts";
import { keyVaultAnswers } from "../test/key-vault-answers.ts";
import { secretName } from "./secret-name.ts";

describeProvider("azureKeyVault", {
  async open(): Promise<Session> {
    const azure = await FakeAzure.start();
    const { vault } = azure;
    return {
      provider: azure.provider(),
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
  },
});
