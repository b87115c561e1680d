/**
 * The part of `KeyManagementServiceClient` from `@google-cloud/kms` that is used. Any version of it fits, and so does
 * a stand-in of your own.
 */
export interface KmsClient {
  decrypt(
    request: KmsDecryptRequest,
    options: KmsCallOptions,
  ): Promise<readonly [KmsDecryptResponse, ...unknown[]]>;
  encrypt(
    request: KmsEncryptRequest,
    options: KmsCallOptions,
  ): Promise<readonly [KmsEncryptResponse, ...unknown[]]>;
  /** Loads the credentials. Called before the first request, since the vendor's client leaves a rejection unhandled. */
  initialize?(): Promise<unknown>;
}

export interface KmsDecryptRequest extends KmsAdditionalData {
  readonly name: string;
  readonly ciphertext: Uint8Array;
  readonly ciphertextCrc32c: KmsChecksum;
}

export interface KmsEncryptRequest extends KmsAdditionalData {
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly plaintextCrc32c: KmsChecksum;
}

export interface KmsAdditionalData {
  readonly additionalAuthenticatedData?: Uint8Array;
  readonly additionalAuthenticatedDataCrc32c?: KmsChecksum;
}

export interface KmsChecksum {
  readonly value: number;
}

export interface KmsDecryptResponse {
  readonly plaintext?: Uint8Array | string | null;
  readonly plaintextCrc32c?: KmsAnsweredChecksum | null;
}

export interface KmsEncryptResponse {
  readonly name?: string | null;
  readonly ciphertext?: Uint8Array | string | null;
  readonly ciphertextCrc32c?: KmsAnsweredChecksum | null;
  readonly verifiedPlaintextCrc32c?: boolean | null;
  readonly verifiedAdditionalAuthenticatedDataCrc32c?: boolean | null;
}

/** A number, decimal text, or an object that prints as decimal text, depending on the transport. */
export interface KmsAnsweredChecksum {
  readonly value?: number | string | { toString(): string } | null;
}

export interface KmsCallOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** The vendor's client would otherwise retry for ten minutes, and report the time instead of the cause. */
  readonly retry: null;
  readonly signal?: AbortSignal;
}
