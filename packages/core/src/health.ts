import type { SecretErrorCode } from "./errors.ts";
import type { Source } from "./source.ts";

/** How the last reads of all providers ended. */
export interface SecretsHealth {
  /** `failing` if any provider's last read failed; `unknown` until there was a read. */
  readonly status: ProviderStatus;
  readonly providers: readonly ProviderHealth[];
}

/**
 * `ok` and `failing` after the last read that ended, of whichever secret; `unknown` before the first. A provider whose
 * last good values are served because its store cannot be asked is `failing`.
 */
export type ProviderStatus = "ok" | "failing" | "unknown";

/** How the last reads of one provider ended. */
export interface ProviderHealth {
  readonly id: string;
  readonly name: string;
  readonly status: ProviderStatus;
  readonly lastSuccessAt?: Date | undefined;
  readonly lastFailureAt?: Date | undefined;
  readonly lastFailureCode?: SecretErrorCode | undefined;
}

export function healthOf(sources: readonly Source[]): SecretsHealth {
  const providers = sources.map(providerHealth);
  const has = (status: ProviderStatus) => providers.some((provider) => provider.status === status);
  return {
    status: has("failing") ? "failing" : has("ok") ? "ok" : "unknown",
    providers,
  };
}

function providerHealth(source: Source): ProviderHealth {
  const { id, provider, lastSuccessAt, lastFailure, lastAttemptFailed } = source;
  const answered = lastSuccessAt === undefined ? "unknown" : "ok";
  return {
    id,
    name: provider.name,
    status: lastAttemptFailed ? "failing" : answered,
    lastSuccessAt: dateOf(lastSuccessAt),
    lastFailureAt: dateOf(lastFailure?.at),
    lastFailureCode: lastFailure?.error.code,
  };
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
