import type { HttpClient } from "@azure/core-rest-pipeline";
import { ClientSecretCredential, DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import type { SignInSettings } from "./settings.ts";

type BuiltSignIn = Exclude<SignInSettings, { by: "credential" }>;

export function buildCredential(
  settings: BuiltSignIn,
  httpClient: HttpClient,
  timeoutMs: number,
): TokenCredential {
  const options = {
    retryOptions: { maxRetries: 0 },
    httpClient,
    ...(settings.authority && {
      authorityHost: settings.authority.host,
      disableInstanceDiscovery: settings.authority.disableInstanceDiscovery,
    }),
  };
  if (settings.by === "client secret") {
    const { tenantId, clientId, clientSecret } = settings;
    return new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  }
  return new DefaultAzureCredential({
    ...options,
    // The chain runs `az` and its like, which know of no signal.
    processTimeoutInMs: timeoutMs,
    ...(settings.tenantId !== undefined && { tenantId: settings.tenantId }),
    ...(settings.clientId !== undefined && { managedIdentityClientId: settings.clientId }),
  });
}
