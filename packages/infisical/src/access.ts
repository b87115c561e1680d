import { shared, untilAborted } from "./abort.ts";
import { understand } from "./classify.ts";
import type { InfisicalClient } from "./client.ts";
import { InfisicalFailure } from "./failures.ts";
import { callSdk } from "./sdk.ts";

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

const mostGivenUp = 4;

/**
 * Calls a client that was handed in, as it is. Its calls cannot be cancelled, so one that outlasts its signal is
 * given up and goes on by itself, for 65 s against a hung server and up to 301 s with a stalled body. Only so many
 * of them are let be at a time.
 */
export function clientAccess(client: InfisicalClient): Access {
  let givenUp = 0;
  return async (use, signal) => {
    if (givenUp >= mostGivenUp) throw new InfisicalFailure("calls-unanswered");
    let ended = false;
    const call = use(client).finally(() => {
      ended = true;
    });
    try {
      return await untilAborted(call, signal);
    } catch (error) {
      if (!ended) {
        givenUp += 1;
        const end = () => {
          givenUp -= 1;
        };
        call.then(end, end);
      }
      throw error;
    }
  };
}
