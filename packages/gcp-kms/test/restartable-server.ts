import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";

/** An HTTP server on 127.0.0.1 that can go away and come back. */
export interface RestartableServer {
  readonly port: number;
  readonly listening: boolean;
  /** Stops listening, so that connections are refused, and drops those that are open. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
}

/** @param tls PEM texts, for HTTPS. */
export async function restartableServer(
  listener: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<RestartableServer> {
  let server: Server | undefined;
  let port = 0;

  async function up(): Promise<void> {
    const next = tls ? createTlsServer(tls, listener) : createServer(listener);
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    const address = next.address();
    if (typeof address === "object" && address) port = address.port;
    server = next;
  }

  async function down(): Promise<void> {
    const last = server;
    server = undefined;
    if (!last) return;
    await new Promise<void>((resolve) => {
      last.close(() => resolve());
      last.closeAllConnections();
    });
  }

  await up();
  return {
    port,
    get listening() {
      return server !== undefined;
    },
    up,
    down,
  };
}
