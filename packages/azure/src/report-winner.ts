import type { AccessToken, TokenCredential } from "@azure/identity";

export interface ReportingCredential {
  readonly credential: TokenCredential;
  /** The class of the credential that got the latest token. */
  winner(): string | undefined;
}

/** Takes note of which credential gets a token: this one, or the member of a chain of the SDK's that does. */
export function reportWinner(credential: TokenCredential, isChain: boolean): ReportingCredential {
  const ask = isChain ? askChain : askCredential;
  let winner: string | undefined;
  return {
    credential: {
      async getToken(scopes, options) {
        const { token, by } = await ask(credential, scopes, options);
        winner = nameOf(by);
        return token;
      },
    },
    winner: () => winner,
  };
}

type Asked = Parameters<TokenCredential["getToken"]>;

async function askCredential(credential: TokenCredential, ...asked: Asked) {
  return { token: await credential.getToken(...asked), by: credential };
}

/**
 * Which member of a chain got the token is known only to a method that the SDK's types keep private. Where it is not
 * there, or answers otherwise than it does today, the chain's own name has to do.
 */
async function askChain(chain: TokenCredential, ...asked: Asked) {
  const internal: unknown = Reflect.get(chain, "getTokenInternal");
  if (typeof internal !== "function") return askCredential(chain, ...asked);
  const answer: unknown = await internal.apply(chain, asked);
  return isChainAnswer(answer)
    ? { token: answer.token, by: answer.successfulCredential }
    : askCredential(chain, ...asked);
}

function isChainAnswer(
  answer: unknown,
): answer is { readonly token: AccessToken; readonly successfulCredential: object } {
  if (typeof answer !== "object" || answer === null) return false;
  const { token, successfulCredential } = answer as { token?: unknown; successfulCredential?: unknown };
  if (typeof successfulCredential !== "object" || successfulCredential === null) return false;
  if (typeof token !== "object" || token === null) return false;
  return typeof Reflect.get(token, "token") === "string";
}

function nameOf(credential: object): string {
  const made: unknown = credential.constructor;
  return typeof made === "function" ? made.name : "Object";
}
