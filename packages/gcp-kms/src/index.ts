export type { AdditionalAuthenticatedData } from "./additional-data.ts";
export type { Transport } from "./connection.ts";
export { type EncryptOptions, encrypt } from "./encrypt.ts";
export { type Environment, protectBytesLiterals } from "./environment-source.ts";
export { GcpKmsError, type GcpKmsFailureReason } from "./failures.ts";
export { gcpKms } from "./gcp-kms.ts";
export type * from "./kms-client.ts";
export type { GcpKmsOptions, KmsOptions } from "./options.ts";
export { refuseCiphertexts } from "./refuse-ciphertexts.ts";
