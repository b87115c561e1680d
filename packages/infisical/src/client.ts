/**
 * What this package uses of the vendor's `InfisicalSDK`, which fits it. A type of our own, so that a client made by
 * another copy of the SDK can be handed in, and so that nothing here loads the SDK before the first read.
 */
export interface InfisicalClient {
  secrets(): {
    listSecrets(options: SecretLocation & ListOptions): Promise<unknown>;
    getSecret(options: SecretLocation & GetOptions): Promise<unknown>;
  };
  auth?(): { getAccessToken(): string | null };
}

/** The one folder that a provider reads. */
export interface SecretLocation {
  readonly projectId: string;
  readonly environment: string;
  readonly secretPath: string;
}

interface ListOptions {
  readonly expandSecretReferences: boolean;
  readonly includeImports: boolean;
}

interface GetOptions {
  readonly secretName: string;
  readonly expandSecretReferences: boolean;
  readonly version?: number;
}
