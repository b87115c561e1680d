import type { IncomingMessage, ServerResponse } from "node:http";
import { restartableServer } from "./restartable-server.ts";

/** What a service that gives out tokens does next. An object is an HTTP status and the body that comes with it. */
export type TokenAnswer =
  | "token"
  | "reset"
  | "hang"
  | { readonly status: number; readonly body?: string | object };

/** Google's token service and a machine's metadata server in one, as far as their tokens go. */
export interface TokenService extends AsyncDisposable {
  readonly host: string;
  readonly url: string;
  answer: TokenAnswer;
  /** Requests for a token that arrived. */
  asked: number;
  /** Gives a token to those that were left hanging. */
  release(): void;
  /** Stops listening, so that connections are refused. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
}

/** The tokens are good for so short a time that a client asks for another at every request. */
export async function tokenService(token = "a token"): Promise<TokenService> {
  const hanging: ServerResponse[] = [];

  function respond(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    service.asked += 1;
    const { answer } = service;
    if (answer === "hang") {
      hanging.push(response);
      return;
    }
    if (answer === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    send(response, answer === "token" ? { status: 200, body: fresh(token) } : answer);
  }

  function send(response: ServerResponse, { status, body = "" }: Exclude<TokenAnswer, string>): void {
    const json = typeof body === "object";
    response.writeHead(status, {
      "metadata-flavor": "Google",
      "content-type": json ? "application/json" : "text/html",
    });
    response.end(json ? JSON.stringify(body) : body);
  }

  const { port, up, down } = await restartableServer(respond);
  const service: TokenService = {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/token`,
    answer: "token",
    asked: 0,
    release() {
      for (const response of hanging.splice(0)) send(response, { status: 200, body: fresh(token) });
    },
    down,
    up,
    [Symbol.asyncDispose]: down,
  };
  return service;
}

function fresh(token: string): object {
  return {
    access_token: token,
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: 1,
  };
}
