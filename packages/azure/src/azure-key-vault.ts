import type { SecretProvider } from "@keyward/core";
import { abortable } from "./abortable.ts";
import { classify } from "./classify.ts";
import type { Connection } from "./connection.ts";
import { checkOptionTypes } from "./option-types.ts";
import type { AzureKeyVaultOptions } from "./options.ts";
import { readFromVault } from "./read-secret.ts";
import { secretName } from "./secret-name.ts";
import { readSettings } from "./settings.ts";

export interface AzureKeyVaultProvider extends SecretProvider {
  /**
   * The class of the credential that got the latest token: `ManagedIdentityCredential`, `AzureCliCredential`.
   * `undefined` before the first token, and for a `client` that was handed in.
   */
  readonly signedInWith: string | undefined;
}

/**
 * Secrets from Azure Key Vault.
 *
 * `azureKeyVault({ client })` uses a `SecretClient` as it is. `azureKeyVault({ vaultUrl, credential })` builds one.
 * `azureKeyVault()` takes the vault from `AZURE_KEY_VAULT_URI` and signs in with `AZURE_CLIENT_ID`,
 * `AZURE_CLIENT_SECRET` and `AZURE_TENANT_ID`, or, without a client secret, with the default credential chain.
 *
 * The SDK is loaded at the first read.
 *
 * @throws Error if an option or a variable is missing or wrong, naming it. Nothing is asked of the vault yet.
 */
export function azureKeyVault(options: AzureKeyVaultOptions = {}): AzureKeyVaultProvider {
  const source = options.client ? givenSource(options) : builtSource(options);
  const storeKey = (key: string) => secretName(key, options.keepCase);
  let closed = false;
  return {
    name: `azure-key-vault(${source.vaultUrl})`,
    get signedInWith() {
      return source.signedInWith();
    },
    storeKey,
    classify,
    async readSecret(key, { signal, version }) {
      const name = storeKey(key);
      signal.throwIfAborted();
      if (closed) throw new Error("The provider is closed.");
      const read = source.client().then((client) => readFromVault(client, { name, version, signal }));
      return abortable(read, signal);
    },
    async close() {
      closed = true;
      await source.close();
    },
  };
}

/** Where the client comes from. */
interface ClientSource {
  readonly vaultUrl: string;
  client(): Promise<Connection["client"]>;
  signedInWith(): string | undefined;
  close(): Promise<void>;
}

function givenSource(options: Extract<AzureKeyVaultOptions, { readonly client: object }>): ClientSource {
  const { client, keepCase: _, ...others } = options;
  if (typeof client.getSecret !== "function" || typeof client.vaultUrl !== "string") {
    throw new Error("`client` has to be a `SecretClient` of @azure/keyvault-secrets.");
  }
  checkOptionTypes(options);
  const ignored = Object.entries(others).filter(([, value]) => value !== undefined);
  if (ignored.length > 0) {
    throw new Error(
      `\`client\` is ready to use: leave out ${ignored.map(([name]) => `\`${name}\``).join(", ")}.`,
    );
  }
  return {
    vaultUrl: client.vaultUrl,
    client: async () => client,
    signedInWith: () => undefined,
    close: async () => {},
  };
}

function builtSource(options: Exclude<AzureKeyVaultOptions, { readonly client: object }>): ClientSource {
  const settings = readSettings(options);
  let opening: Promise<Connection> | undefined;
  let opened: Connection | undefined;

  async function open(): Promise<Connection> {
    try {
      const { connect } = await import("./connection.ts");
      opened = await connect(settings);
      return opened;
    } catch (error) {
      // Forgotten, so that the next read tries again.
      opening = undefined;
      throw error;
    }
  }

  return {
    vaultUrl: settings.vaultUrl,
    async client() {
      opening ??= open();
      return (await opening).client;
    },
    signedInWith: () => opened?.signedInWith(),
    async close() {
      // A connection that could not be opened has nothing to close, and its reader has the error.
      await opening?.then(
        (connection) => connection.close(),
        () => {},
      );
    },
  };
}
