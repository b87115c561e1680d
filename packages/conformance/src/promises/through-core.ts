import { isSecretError, type SecretError, type Secrets } from "@keyward/core";
import { findLeak } from "../find-leak.ts";
import type { ProviderPromise } from "../promise.ts";
import { broke, seeInstead } from "../verdict.ts";
import { thrownPromise, warmStage } from "./failures.ts";

export const throughCore: readonly ProviderPromise[] = [
  {
    id: "core-tells-them-apart",
    title:
      "through `createSecrets`, found, absent and failed are a value, `undefined` and an error with its code",
    remedy: "Let readSecret, readAll, storeKey and classify agree with each other: core uses all of them.",
    async check(trial) {
      const stage = await trial.open();
      const [a, , never] = stage.names;
      const { value } = await stage.seed(a);
      const secrets = stage.secrets();
      const found = await ended(secrets, a);
      if (isSecretError(found)) broke(`find(${a}) of a seeded secret rejected with the code ${found.code}.`);
      if (found !== value) broke(`find(${a}) of a seeded secret did not resolve to its value.`);
      if ((await ended(secrets, never)) !== undefined)
        broke(`find(${never}) of an absent secret is not undefined.`);
      for (const trouble of stage.troubles) {
        const troubled = await warmStage(trial);
        await troubled.trouble(trouble);
        const outcome = await troubled.attemptFailing(a);
        if (outcome.status !== "failed") seeInstead(thrownPromise[trouble]);
        const { kind } = troubled.classify(outcome.error);
        const failed = await ended(troubled.secrets(), a);
        if (!isSecretError(failed)) broke(`find(${a}) after ${trouble}() did not reject with a SecretError.`);
        if (failed.code === kind) continue;
        broke(
          `After ${trouble}(), readSecret's error is \`${kind}\`, and core's has the code \`${failed.code}\`.`,
        );
      }
    },
  },
  {
    id: "secret-errors-hold-nothing",
    title: "a SecretError made from what the provider throws holds no value and no credential",
    remedy:
      "Keep values, tokens and SDK messages out of `name`, out of `classify` and out of SecretErrors of your own.",
    async check(trial) {
      for (const trouble of [undefined, ...(await trial.open()).troubles]) {
        const stage = await warmStage(trial);
        const [a] = stage.names;
        const secrets = stage.secrets();
        await ended(secrets, a);
        if (trouble === undefined) await stage.close();
        else await stage.trouble(trouble);
        const error = await ended(secrets, a);
        if (!isSecretError(error))
          seeInstead(trouble === undefined ? "closed-reads-reject" : thrownPromise[trouble]);
        const leak = findLeak(error, [...stage.values, ...stage.credentials]);
        if (leak !== undefined) broke(`After ${trouble ?? "close"}(), core's error holds ${leak}.`);
      }
    },
  },
];

/** What `find` resolves to, or the SecretError that it rejects with. */
async function ended(secrets: Secrets, name: string): Promise<string | undefined | SecretError> {
  try {
    return await secrets.find(name);
  } catch (error) {
    if (isSecretError(error)) return error;
    throw error;
  }
}
