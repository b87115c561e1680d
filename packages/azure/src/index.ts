export { type AzureKeyVaultProvider, azureKeyVault } from "./azure-key-vault.ts";
export type {
  AzureKeyVaultClientOptions,
  AzureKeyVaultOptions,
  AzureKeyVaultVaultOptions,
  KeyVaultClient,
} from "./options.ts";
