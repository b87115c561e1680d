export type { Clock } from "./clock.ts";
export { createSecrets } from "./create-secrets.ts";
export {
  isSecretError,
  SecretError,
  type SecretErrorCode,
  type SecretErrorOptions,
  type SecretProblem,
  secretErrorCodes,
} from "./errors.ts";
export type { SecretEvent } from "./events.ts";
export type {
  ProviderHealth,
  ProviderStatus,
  SecretsHealth,
} from "./health.ts";
export type { CachePolicy, PollPolicy, RetryPolicy } from "./policy.ts";
export type {
  Failure,
  FailureKind,
  ReadAllContext,
  ReadContext,
  SecretProvider,
  SecretReading,
  WatchContext,
} from "./provider.ts";
export { type ChainOptions, chain } from "./providers/chain.ts";
export { type InMemoryProvider, inMemory } from "./providers/in-memory.ts";
export { mapped, prefixed } from "./providers/mapped.ts";
export { isReference, parseReference, type Reference } from "./reference.ts";
export { Secret, type SecretMetadata } from "./secret.ts";
export type { ReadOptions, Secrets, SecretsOptions } from "./secrets.ts";
