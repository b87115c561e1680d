import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Log } from "../log.ts";
import { UserError } from "../user-error.ts";
import { type ApiError, apiError, sendError, unauthorized } from "./answers.ts";
import { routes } from "./routes.ts";
import { createSnapshot } from "./snapshot.ts";

export interface ServerOptions {
  readonly config: LoadedConfig;
  /** 0 for any that is free. */
  readonly port: number;
  /** The address to listen on. Default: every one. */
  readonly host?: string | undefined;
  readonly log: Log;
}

export interface Server {
  readonly port: number;
  /** Takes no new connections, lets requests under way end for up to `milliseconds`, then ends them. */
  close(milliseconds: number): Promise<void>;
}

/** How long an idle connection is kept, in milliseconds: longer than load balancers keep theirs. */
const keepAliveTimeout = 75_000;

/** @throws UserError when the port cannot be had */
export async function startServer({ config, port, host, log }: ServerOptions): Promise<Server> {
  const snapshot = createSnapshot(config);
  let draining = false;

  const server = createServer({ keepAliveTimeout }, (request, response) => {
    if (draining) response.shouldKeepAlive = false;
    const { url = "/" } = request;
    const query = url.indexOf("?");
    const path = query === -1 ? url : url.slice(0, query);
    const route = routes.get(path);
    if (route?.open !== true && !snapshot.mayAsk(request.headers)) {
      sendError(response, unauthorized);
      return;
    }
    if (route === undefined) {
      sendError(response, unknownPath(path));
      return;
    }
    if (request.method !== route.method) {
      sendError(response, wrongMethod(route.method));
      return;
    }
    try {
      const pending = route.handle(request, response, { snapshot, draining, log });
      pending?.catch((error: unknown) => onBug(error, request, response));
    } catch (error) {
      onBug(error, request, response);
    }
  });

  /** Nothing that a client sends may end the process, or hear of its insides. */
  function onBug(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    log.warn(
      `internal error in ${request.method} ${request.url}: ${error instanceof Error ? error.stack : "?"}`,
    );
    if (response.headersSent) response.destroy();
    else sendError(response, apiError("internal_error", "The proxy failed; its log says how"));
  }

  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw cannotListen(error, port, host);
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close(milliseconds) {
      draining = true;
      const closed = once(server, "close");
      server.close();
      // A connection whose request was under way becomes idle later, and nobody else looks.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), milliseconds);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
      await snapshot.engine.destroy();
    },
  };
}

function unknownPath(path: string): ApiError {
  return apiError("unknown_path", `There is nothing at ${path.slice(0, 200)}: try /v1/chat/completions`);
}

function wrongMethod(method: string): ApiError {
  return apiError("method_not_allowed", `This path takes ${method}`, { allow: method });
}

function cannotListen(error: unknown, port: number, host: string | undefined): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new UserError(`Port ${port} is in use: choose another with --port <number>`);
  if (code === "EACCES") {
    return new UserError(`Port ${port} is not open to this user: choose one above 1023 with --port <number>`);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new UserError(`"${host}" is no address of this machine: choose another with --host <address>`);
  }
  return error;
}
