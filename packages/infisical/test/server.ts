import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { createApi, type Reply } from "./api.ts";
import { type DialectName, dialects } from "./dialect.ts";
import { createStore } from "./store.ts";

/** How the server misbehaves. */
export type Fault =
  | { readonly kind: "hang" }
  /** Headers and half a body, then silence. */
  | { readonly kind: "stall" }
  | { readonly kind: "page"; readonly status: number }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "throttle"; readonly retryAfterSeconds: number }
  /** The connection is cut before an answer. */
  | { readonly kind: "cut" };

export interface Seen {
  readonly operation: "login" | "list" | "get" | "other";
  readonly url: string;
  /** Settles when the client ends the request before the server has answered it. */
  readonly ended: Promise<void>;
}

const page = "<!doctype html><title>Sign in</title><p>token-in-a-page</p>";

/** Infisical's REST API on a loopback port, over one project with the environment `test` and its root folder. */
export async function startInfisical(dialect: DialectName = "new") {
  const store = createStore();
  store.makeFolder("test", "/");
  const api = createApi(store, dialects[dialect]);
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let fault: Fault | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://infisical.invalid");
    const body = await text(request);
    const ended = once(response, "close").then(() => undefined);
    seen.push({ operation: operationOf(url), url: url.href, ended });
    if (fault !== undefined) return misbehave(fault, request, response);
    const { authorization } = request.headers;
    send(response, api.answer({ method: request.method ?? "", url, authorization, body }));
  }

  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request is part of what is tested.
    serve(request, response).catch(() => request.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, "close");
  };
  const port = await listen(0);

  return {
    ...api,
    ...store,
    seen,
    siteUrl: `http://127.0.0.1:${port}`,
    /** How many requests of a kind have come, logins left out unless asked for. */
    count(operation?: Seen["operation"]): number {
      return seen.filter((each) => (operation ? each.operation === operation : each.operation !== "login"))
        .length;
    },
    misbehave(kind: Fault | undefined): void {
      fault = kind;
    },
    /** Refuses connections until {@link start}. */
    stop,
    async start(): Promise<void> {
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: stop,
  };
}

export type FakeInfisical = Awaited<ReturnType<typeof startInfisical>>;

function operationOf({ pathname }: URL): Seen["operation"] {
  if (pathname.endsWith("/universal-auth/login")) return "login";
  if (pathname.endsWith("/secrets/raw")) return "list";
  return pathname.includes("/secrets/raw/") ? "get" : "other";
}

function send(response: ServerResponse, reply: Reply): void {
  if ("body" in reply) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
    return;
  }
  const [statusCode, message, error] = reply.refuse;
  const body = JSON.stringify({ reqId: "req-1", statusCode, message, error });
  response.writeHead(statusCode, { "content-type": "application/json" }).end(body);
}

function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case "hang":
      return;
    case "stall":
      response.writeHead(200, { "content-type": "application/json" }).write('{"secrets":[');
      return;
    case "page":
      response.writeHead(fault.status, { "content-type": "text/html" }).end(page);
      return;
    case "redirect":
      response.writeHead(307, { location: fault.to }).end();
      return;
    case "throttle": {
      const message = `Rate limit exceeded. Please try again in ${fault.retryAfterSeconds} seconds`;
      response.setHeader("retry-after", String(fault.retryAfterSeconds));
      send(response, { refuse: [429, message, "RateLimitExceeded"] });
      return;
    }
    case "cut":
      request.socket.destroy();
  }
}
