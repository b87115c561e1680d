import type { TokenCredential } from "@azure/identity";
import { type Authority, parseAuthority } from "./authority.ts";
import { checkOptionTypes } from "./option-types.ts";
import type { AzureKeyVaultVaultOptions } from "./options.ts";
import { parseVaultUrl } from "./vault-url.ts";

/** The options after the environment has filled the gaps, all checked. */
export interface Settings {
  readonly vaultUrl: string;
  readonly signIn: SignInSettings;
  readonly disableChallengeVerification: boolean;
  readonly ca: string | undefined;
  readonly signInTimeoutMs: number;
}

export type SignInSettings =
  | { readonly by: "credential"; readonly credential: TokenCredential }
  | {
      readonly by: "client secret";
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly authority: Authority | undefined;
    }
  | {
      readonly by: "default chain";
      readonly tenantId: string | undefined;
      readonly clientId: string | undefined;
      readonly authority: Authority | undefined;
    };

const defaultSignInTimeoutMs = 10_000;

const longestTimerMs = 2 ** 31 - 1;

/** @throws Error naming the option and the variable that is missing or wrong. */
export function readSettings(options: AzureKeyVaultVaultOptions): Settings {
  checkOptionTypes(options);
  const environment = options.env ?? process.env;
  // An empty variable counts as none: compose files and CI systems set those.
  const fallback = (value: string | undefined, variable: string) =>
    value ?? (environment[variable] || undefined);

  const vaultUrl = fallback(options.vaultUrl, "AZURE_KEY_VAULT_URI");
  if (vaultUrl === undefined) {
    throw new Error(
      "No Key Vault given. Set AZURE_KEY_VAULT_URI or pass `vaultUrl`, as https://<name>.vault.azure.net.",
    );
  }
  const signInTimeoutMs = options.signInTimeoutMs ?? defaultSignInTimeoutMs;
  if (!(signInTimeoutMs > 0 && signInTimeoutMs <= longestTimerMs)) {
    throw new Error(`\`signInTimeoutMs\` has to be a number of milliseconds, from 1 to ${longestTimerMs}.`);
  }
  if (options.ca !== undefined && !options.ca.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error("`ca` has to hold certificates in PEM: their text, not the path of a file.");
  }
  return {
    vaultUrl: parseVaultUrl(vaultUrl),
    signIn: signInSettings(options, fallback),
    disableChallengeVerification:
      options.disableChallengeVerification ??
      parseSwitch(environment, "AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION"),
    ca: options.ca,
    signInTimeoutMs,
  };
}

function signInSettings(
  options: AzureKeyVaultVaultOptions,
  fallback: (value: string | undefined, variable: string) => string | undefined,
): SignInSettings {
  if (options.credential) return { by: "credential", credential: options.credential };
  const tenantId = fallback(options.tenantId, "AZURE_TENANT_ID");
  const clientId = fallback(options.clientId, "AZURE_CLIENT_ID");
  const clientSecret = fallback(options.clientSecret, "AZURE_CLIENT_SECRET");
  const host = fallback(options.authorityHost, "AZURE_AUTHORITY_HOST");
  const authority = host === undefined ? undefined : parseAuthority(host);
  if (tenantId !== undefined && !/^[0-9a-zA-Z.-]+$/.test(tenantId)) {
    throw new Error("AZURE_TENANT_ID (or `tenantId`) has to be the directory's ID, a GUID.");
  }
  if (clientSecret === undefined) return { by: "default chain", tenantId, clientId, authority };
  if (tenantId === undefined || clientId === undefined) {
    const missing = [
      ...(tenantId === undefined ? ["AZURE_TENANT_ID (or `tenantId`)"] : []),
      ...(clientId === undefined ? ["AZURE_CLIENT_ID (or `clientId`)"] : []),
    ].join(" and ");
    throw new Error(`A client secret is given without ${missing}. Set it, or leave the client secret out.`);
  }
  return { by: "client secret", tenantId, clientId, clientSecret, authority };
}

function parseSwitch(environment: Readonly<Record<string, string | undefined>>, variable: string): boolean {
  const value = (environment[variable] ?? "").trim().toLowerCase();
  if (value === "true" || value === "1") return true;
  if (value === "" || value === "false" || value === "0") return false;
  throw new Error(`${variable} has to be true or false.`);
}
