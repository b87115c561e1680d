import type { TokenCredential } from "@azure/identity";
import type { SecretClient } from "@azure/keyvault-secrets";

/** The part of `SecretClient` that is used, so that a client of another copy or version of the SDK fits too. */
export type KeyVaultClient = Pick<SecretClient, "vaultUrl" | "getSecret" | "getDeletedSecret">;

export type AzureKeyVaultOptions = AzureKeyVaultClientOptions | AzureKeyVaultVaultOptions;

/** A client of the application's own making. `close()` leaves it open. */
export interface AzureKeyVaultClientOptions {
  /**
   * Build it with `retryOptions: { maxRetries: 0 }`: core retries, and the SDK's own retries would wait out a
   * Retry-After of any length within the deadline.
   */
  readonly client: KeyVaultClient;
  /** As in {@link AzureKeyVaultVaultOptions}. */
  readonly keepCase?: boolean | undefined;
}

/** What a client is built from at the first read. Each member falls back to the environment variable it names. */
export interface AzureKeyVaultVaultOptions {
  /** `https://<name>.vault.azure.net`. Default: `AZURE_KEY_VAULT_URI`. */
  readonly vaultUrl?: string | undefined;
  /** Used as it is, instead of the three below. */
  readonly credential?: TokenCredential | undefined;
  /** Directory (tenant) ID, a GUID. Default: `AZURE_TENANT_ID`. */
  readonly tenantId?: string | undefined;
  /** Application (client) ID, a GUID. Default: `AZURE_CLIENT_ID`. */
  readonly clientId?: string | undefined;
  /** Default: `AZURE_CLIENT_SECRET`. Without one, the default credential chain signs in. */
  readonly clientSecret?: string | undefined;
  /**
   * Where to sign in. Default: `AZURE_AUTHORITY_HOST`, then Microsoft's public cloud. Instance discovery is off for
   * hosts that are not Microsoft's. Not used with `credential`.
   */
  readonly authorityHost?: string | undefined;
  /**
   * Whether to accept a vault whose name does not end in the domain that its challenge names: an emulator, or a
   * private-link name. The challenge then decides what the token is good for, so only for a vault that you trust.
   * Default: `AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION`, then `false`.
   */
  readonly disableChallengeVerification?: boolean | undefined;
  /**
   * Certificate authorities to trust besides the default ones (which include `NODE_EXTRA_CA_CERTS`), in PEM.
   * Has no effect on requests that go through `HTTPS_PROXY`; use `NODE_EXTRA_CA_CERTS` there.
   */
  readonly ca?: string | undefined;
  /**
   * Whether names go to the store in the case they are written in, for emulators that tell names apart by it. Key
   * Vault does not, so by default `azure_api_key` and `AZURE_API_KEY` are asked for, and cached, as one secret.
   */
  readonly keepCase?: boolean | undefined;
  /** Longest time for one sign-in, in milliseconds, if the read's own deadline does not end it. Default 10 000. */
  readonly signInTimeoutMs?: number | undefined;
  /** Read once, when the provider is made. Default: `process.env`. The default credential chain reads `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly client?: undefined;
}
