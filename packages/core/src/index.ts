export type { Clock } from "./clock.ts";
export {
  isSecretError,
  SecretError,
  type SecretErrorCode,
  type SecretErrorOptions,
  type SecretProblem,
  secretErrorCodes,
} from "./errors.ts";
export type { SecretEvent } from "./events.ts";
export type * from "./provider.ts";
export { Secret, type SecretMetadata } from "./secret.ts";
export type * from "./secrets.ts";
