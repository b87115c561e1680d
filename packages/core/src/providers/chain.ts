import { SecretError } from "../errors.ts";
import { classifyFailure, kindsToContinueOn } from "../failure.ts";
import type { FailureKind, ReadContext, SecretProvider, SecretReading } from "../provider.ts";
import { storeKeyOf } from "../store-key.ts";

/** What a {@link chain} does after failures. */
export interface ChainOptions {
  /** Kinds of failure after which the next provider is asked all the same. Default: none. */
  readonly continueOn?: readonly FailureKind[];
}

/**
 * Several providers as one, for where a single provider is expected. It reads key by key and is polled, also where its
 * members list or tell of changes. `createSecrets` takes a list by itself, uses all that each provider can do, and
 * caches and reports for each apart: prefer that.
 */
export function chain(providers: readonly SecretProvider[], options: ChainOptions = {}): SecretProvider {
  if (providers.length === 0)
    throw new SecretError({
      code: "misconfigured",
      message: "chain() needs a provider.",
    });
  const continueOn = kindsToContinueOn("chain", options.continueOn);
  return {
    name: `chain(${providers.map(({ name }) => name).join(", ")})`,
    async readSecret(key, context) {
      let passedOver: SecretError | undefined;
      for (const provider of providers) {
        try {
          const reading = await readFrom(provider, key, context);
          if (reading !== undefined) return reading;
        } catch (thrown) {
          // Only here is it known whose failure this is, so it is classified here.
          const { kind, error } = classifyFailure(provider, key, thrown);
          if (!continueOn.has(kind)) throw error;
          passedOver ??= error;
        }
      }
      if (passedOver !== undefined) throw passedOver;
      return undefined;
    },
    async close() {
      await Promise.all(providers.map(async (provider) => provider.close?.()));
    },
  };
}

async function readFrom(
  provider: SecretProvider,
  key: string,
  context: ReadContext,
): Promise<SecretReading | undefined> {
  return provider.readSecret(storeKeyOf(provider, key), context);
}
