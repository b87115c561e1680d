import { systemClock } from "./clock.ts";
import { safely } from "./events.ts";
import { kindsToContinueOn } from "./failure.ts";
import {
  cacheDefaults,
  checkNumber,
  deadlineDefaultMs,
  misconfigured,
  noCache,
  pollDefaults,
  retryDefaults,
  withDefaults,
} from "./policy.ts";
import type { SecretProvider } from "./provider.ts";
import { Redactor } from "./redactor.ts";
import { Lifetime, type Runtime } from "./runtime.ts";
import type { SecretsOptions } from "./secrets.ts";

const example = "createSecrets({ providers: [dotenv()] })";

const optionNames = Object.keys({
  providers: true,
  continueOn: true,
  cache: true,
  deadlineMs: true,
  retry: true,
  poll: true,
  onEvent: true,
  clock: true,
  random: true,
} satisfies Record<keyof SecretsOptions, true>);

/** @throws SecretError `misconfigured`, naming the option and what it takes. */
export function createRuntime(options: SecretsOptions): Runtime {
  checkNames(options);
  const { cache, retry, poll, deadlineMs = deadlineDefaultMs, clock = systemClock } = options;
  const { random = Math.random, onEvent } = options;
  if (typeof random !== "function") throw misconfigured("random is no function");
  if (onEvent !== undefined && typeof onEvent !== "function") throw misconfigured("onEvent is no function");
  if (typeof clock?.now !== "function" || typeof clock.after !== "function")
    throw misconfigured("clock is no object with the functions now and after");
  return {
    clock,
    random,
    cache:
      cache === false ? noCache : withDefaults("cache", cacheDefaults, cache, { maxEntries: { atLeast: 1 } }),
    retry: withDefaults("retry", retryDefaults, retry, { attempts: { atLeast: 1 } }),
    poll: withDefaults("poll", pollDefaults, poll, {
      intervalMs: { atLeast: 1 },
      jitter: { atMost: 1 },
      concurrency: { atLeast: 1 },
    }),
    deadlineMs: checkNumber("deadlineMs", deadlineMs, { atLeast: 1 }),
    continueOn: kindsToContinueOn("createSecrets", options.continueOn),
    emit: safely(onEvent),
    redactor: new Redactor(),
    lifetime: new Lifetime(),
  };
}

/** The providers with their ids, in the order in which they are asked. @throws SecretError `misconfigured`. */
export function listProviders({ providers }: SecretsOptions): [id: string, provider: SecretProvider][] {
  const listed: [string, SecretProvider][] = isList(providers)
    ? providers.map((provider) => [idFrom(provider), provider])
    : Object.entries(providers ?? {});
  if (listed.length === 0) {
    throw misconfigured(`it needs at least one provider: ${example}`);
  }
  const ids = new Map<SecretProvider, string>();
  for (const [id, provider] of listed) {
    if (typeof provider?.readSecret !== "function" || typeof provider.name !== "string") {
      throw misconfigured(
        `the provider "${id}" has no name or no readSecret; did you pass the function instead of its result?`,
      );
    }
    const other = ids.get(provider);
    if (other !== undefined) {
      throw misconfigured(
        `the providers "${other}" and "${id}" are the same object; make one for each, or name it once`,
      );
    }
    ids.set(provider, id);
  }
  return listed;
}

function checkNames(options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw misconfigured(`it takes an object: ${example}`);
  const stranger = Object.keys(options).find((name) => !optionNames.includes(name));
  if (stranger !== undefined)
    throw misconfigured(`${stranger} is no option; there are: ${optionNames.join(", ")}`);
}

// Array.isArray does not narrow a readonly array.
function isList(providers: SecretsOptions["providers"]): providers is readonly SecretProvider[] {
  return Array.isArray(providers);
}

function idFrom(provider: SecretProvider): string {
  return typeof provider?.name === "string" ? (provider.name.split("(", 1)[0] ?? "") : "?";
}
