import type { AzureKeyVaultOptions, AzureKeyVaultVaultOptions } from "./options.ts";

const types: Readonly<Record<keyof AzureKeyVaultVaultOptions, string>> = {
  client: "object",
  vaultUrl: "string",
  credential: "object",
  tenantId: "string",
  clientId: "string",
  clientSecret: "string",
  authorityHost: "string",
  disableChallengeVerification: "boolean",
  ca: "string",
  keepCase: "boolean",
  signInTimeoutMs: "number",
  env: "object",
};

/**
 * For options from JavaScript or from a configuration file.
 *
 * @throws Error naming an option that does not exist or has another type.
 */
export function checkOptionTypes(options: AzureKeyVaultOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(types, name) ? types[name as keyof typeof types] : undefined;
    if (type === undefined) {
      const names = Object.keys(types).join(", ");
      throw new Error(`azureKeyVault has no option \`${name}\`. Its options are ${names}.`);
    }
    if (value !== undefined && typeof value !== type) {
      throw new Error(`\`${name}\` has to be of type ${type}, not ${typeof value}.`);
    }
  }
}
