/**
 * The vault's origin, as `https://my.vault.azure.net`.
 *
 * @throws Error that says what an address of a vault looks like. It does not repeat the text, which may hold a password.
 */
export function parseVaultUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const expected = "Set AZURE_KEY_VAULT_URI (or `vaultUrl`) to an address like https://my.vault.azure.net";
  if (url?.protocol !== "https:") {
    throw new Error(`The address of the Key Vault is not an https URL. ${expected}.`);
  }
  if (url.username || url.password) {
    throw new Error(`The address of the Key Vault must not hold a user name or password. ${expected}.`);
  }
  if (url.pathname !== "/" || url.search || url.hash) {
    throw new Error(`The address of the Key Vault goes on after the host name. ${expected}, without a path.`);
  }
  return url.origin;
}
