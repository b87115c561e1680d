import type { HttpClient } from "@azure/core-rest-pipeline";
import { SecretClient } from "@azure/keyvault-secrets";
import type { KeyVaultClient } from "./options.ts";
import { type ReportingCredential, reportWinner } from "./report-winner.ts";
import type { Settings } from "./settings.ts";
import { shareSignIn } from "./shared-sign-in.ts";
import { createTransport } from "./transport.ts";

/** A client of the provider's own making, and what has to be closed with it. */
export interface Connection {
  readonly client: KeyVaultClient;
  /** The class of the credential that got the latest token. */
  signedInWith(): string | undefined;
  close(): void;
}

/** This module brings the SDK along: it is imported at the first read. */
export async function connect(settings: Settings): Promise<Connection> {
  const transport = createTransport(settings.ca);
  const { credential, winner } = await credentialFor(settings, transport.httpClient);
  const signIn = shareSignIn(credential, settings.signInTimeoutMs);
  const client = new SecretClient(settings.vaultUrl, signIn, {
    httpClient: transport.httpClient,
    retryOptions: { maxRetries: 0 },
    // Key Vault redirects nobody: whatever does is not Key Vault.
    redirectOptions: { maxRetries: 0 },
    disableChallengeResourceVerification: settings.disableChallengeVerification,
  });
  return {
    client,
    signedInWith: winner,
    close() {
      signIn.close();
      transport.close();
    },
  };
}

async function credentialFor(
  { signIn, signInTimeoutMs }: Settings,
  httpClient: HttpClient,
): Promise<ReportingCredential> {
  if (signIn.by === "credential") return reportWinner(signIn.credential, false);
  const { buildCredential } = await import("./credentials.ts");
  const credential = buildCredential(signIn, httpClient, signInTimeoutMs);
  return reportWinner(credential, signIn.by === "default chain");
}
