import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { certificates } from "./certificates.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpsServer {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Requests received and not yet answered or broken off. */
  pending(): number;
  /** Connections that clients hold open. */
  connections(): number;
  close(): Promise<void>;
}

/** Serves HTTPS on a free loopback port, with a certificate that only the tests' own authority vouches for. */
export async function serveHttps(handler: Handler): Promise<HttpsServer> {
  const { certificate, privateKey } = await certificates();
  const open = new Set<ServerResponse>();
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    handler(request, response);
  });
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("listening on a port was asked for");
  return {
    url: `https://127.0.0.1:${address.port}`,
    pending: () => open.size,
    connections: () => connections.size,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
