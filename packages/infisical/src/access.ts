import { shared } from "./abort.ts";
import { understand } from "./classify.ts";
import type { InfisicalClient } from "./client.ts";
import { InfisicalFailure } from "./failures.ts";
import { callSdk, connectionOf } from "./sdk.ts";
import { uncancellableAccess } from "./uncancellable.ts";

/** A way to call Infisical as somebody. */
export type Access = <T>(use: (client: InfisicalClient) => Promise<T>, signal: AbortSignal) => Promise<T>;

export function tokenAccess(siteUrl: string, token: string): Access {
  return (use, signal) => callSdk({ siteUrl, token, signal }, use);
}

export interface UniversalAuth {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Logs in at the first call and whenever the server no longer takes the token, one login for all who need it, and
 * then repeats the call once. The SDK's `renew` is of no use: an expired token cannot be renewed, and a failed
 * attempt deletes a live one.
 */
export function universalAuthAccess(siteUrl: string, credentials: UniversalAuth): Access {
  let token: string | undefined;

  const logIn = shared(async (signal) => {
    const sdk = await callSdk({ siteUrl, token: undefined, signal }, async (sdk) => {
      await sdk.auth().universalAuth.login({ ...credentials });
      return sdk;
    });
    const granted: unknown = sdk.auth().getAccessToken();
    if (typeof granted !== "string" || granted === "") throw new InfisicalFailure("unreadable-answer");
    token = granted;
    return granted;
  });

  return async (use, signal) => {
    const held = token ?? (await logIn(signal));
    try {
      return await callSdk({ siteUrl, token: held, signal }, use);
    } catch (error) {
      if (!isAboutToken(error)) throw error;
    }
    // Somebody else may have logged in since.
    const renewed = token === held || token === undefined ? await logIn(signal) : token;
    return callSdk({ siteUrl, token: renewed, signal }, use);
  };
}

function isAboutToken(error: unknown): boolean {
  const reason = understand(error)?.reason;
  return reason === "token-expired" || reason === "token-rejected";
}

/**
 * Calls as the client that was handed in: to its address, with the token that it holds at the time. Where that
 * cannot be found out, calls the client itself.
 */
export function clientAccess(client: InfisicalClient): Access {
  const itself = uncancellableAccess(client);
  return async (use, signal) => {
    const connection = await connectionOf(client, signal);
    return connection === undefined ? itself(use, signal) : callSdk({ ...connection, signal }, use);
  };
}
