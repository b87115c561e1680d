import { Agent } from "node:https";
import { getCACertificates } from "node:tls";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import { sendWithin, signInScope } from "./sign-in-scope.ts";

export interface Transport {
  /** For the vault and for sign-ins. */
  readonly httpClient: HttpClient;
  /**
   * Closes the connections, those in use too. Requests can still be sent: the SDK signs managed identities in through
   * the first client that it was given in this process, whosever that was.
   */
  close(): void;
}

/**
 * Connections of this provider's own, so that closing it closes them; the SDK's live in a pool shared by the process.
 * A proxy that the environment names (`HTTPS_PROXY`) brings an agent of its own, which is left alone.
 */
export function createTransport(ca: string | undefined): Transport {
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] };
  const agent = new Agent({ keepAlive: true, ...trusted });
  const client = createDefaultHttpClient();
  return {
    httpClient: {
      sendRequest(request) {
        if (request.url.startsWith("https:")) request.agent ??= agent;
        const scope = signInScope.getStore();
        if (scope) return sendWithin(scope, request, (sent) => client.sendRequest(sent));
        return client.sendRequest(request);
      },
    },
    close: () => agent.destroy(),
  };
}
