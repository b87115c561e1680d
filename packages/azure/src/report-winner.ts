import type { AccessToken, TokenCredential } from "@azure/identity";

export interface ReportingCredential {
  readonly credential: TokenCredential;
  /** The class of the credential that got the latest token. */
  winner(): string | undefined;
}

/** Takes note of which credential gets a token. */
export function reportWinner(credential: TokenCredential): ReportingCredential {
  let winner: string | undefined;
  return {
    credential: {
      async getToken(scopes, options) {
        const { token, by } = await getToken(credential, scopes, options);
        winner = by;
        return token;
      },
    },
    winner: () => winner,
  };
}

/**
 * Which member of a chain got the token is known only to a method that the SDK's types keep private. Where it is not
 * there, or answers otherwise than it does today, the chain's own name has to do.
 */
async function getToken(credential: TokenCredential, ...args: Parameters<TokenCredential["getToken"]>) {
  const internal: unknown = Reflect.get(credential, "getTokenInternal");
  if (typeof internal === "function") {
    const { token, successfulCredential } = await internal.apply(credential, args);
    if (token) return { token: token as AccessToken, by: nameOf(successfulCredential ?? credential) };
  }
  return { token: await credential.getToken(...args), by: nameOf(credential) };
}

function nameOf(credential: object): string {
  const made: unknown = credential.constructor;
  return typeof made === "function" ? made.name : "Object";
}
