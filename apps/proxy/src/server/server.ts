import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RouteEvent } from "@keyward/llm";
import { createBooks } from "../books/create-books.ts";
import type { VirtualKey } from "../books/keys/virtual-key.ts";
import { followSecrets } from "../config/follow-secrets.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Log } from "../log.ts";
import { UserError } from "../user-error.ts";
import { type ApiError, apiError, sendError } from "./answers.ts";

import { loginWanted, withBrowserLogin } from "./browser-login.ts";
import type { Endpoint } from "./endpoint.ts";
import { foreignRequest } from "./foreign-request.ts";
import { letGuestIn } from "./guests.ts";
import { answerInternalError, pathOf } from "./internal-error.ts";
import { Metrics } from "./metrics/metrics.ts";
import { routeLog } from "./route-log.ts";
import { findRoute } from "./routes.ts";
import { createSnapshot, type Snapshot } from "./snapshot.ts";

export interface ServerOptions {
  readonly config: LoadedConfig;
  /** 0 for any that is free. */
  readonly port: number;
  /** The address to listen on. Default: every one. */
  readonly host?: string | undefined;
  readonly log: Log;
  /** What `/metrics` tells. Default: its own, without the events of secrets. */
  readonly metrics?: Metrics | undefined;
  /** Called when a secret has changed that was read once, when its configuration was loaded: load it anew, and `replace`. */
  readonly onSecretChange?: ((place: string) => void) | undefined;
}

export interface Server {
  readonly port: number;
  /**
   * Serves another configuration from the next request on. Those under way end with the one they began with, whose
   * secrets are closed after the last of them.
   */
  replace(config: LoadedConfig): void;
  /** Takes no new connections, lets requests under way end for up to `milliseconds`, then ends them. */
  close(milliseconds: number): Promise<void>;
}

/** How long an idle connection is kept, in milliseconds: longer than load balancers keep theirs. */
const keepAliveTimeout = 75_000;

/** What metrics say of a request whose client did not wait for the end, as nginx does. */
const clientLeft = 499;

/** How long spend may take to be written once every request has ended, in milliseconds. */
const spendPatience = 10_000;

/** @throws UserError when the port cannot be had */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, port, host, log, onSecretChange, metrics = new Metrics() } = options;
  const hearRouting = routeLog(log);
  const onRouteEvent = (event: RouteEvent): void => {
    metrics.routeEvent(event);
    hearRouting(event);
  };
  let current = createSnapshot(config, onRouteEvent);
  const books = createBooks(config.books, log);
  let unfollow = followSecrets(config, onSecretChange);
  const retiring = new Map<Snapshot, Promise<void>>();
  let draining = false;

  const server = createServer({ keepAliveTimeout }, (request, response) => {
    // The client has sent it behind another request that still runs. Until then nothing would tell that it has left.
    if (response.socket === null) response.once("socket", () => answer(request, response));
    else answer(request, response);
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const started = performance.now();
    if (draining) response.shouldKeepAlive = false;
    const snapshot = current;
    snapshot.hold(response);
    const path = pathOf(request);
    const route = findRoute(path);
    const endpoint = route?.endpoint;
    response.on("close", () => {
      const status = response.writableFinished ? response.statusCode : clientLeft;
      metrics.requestEnded(endpoint?.path ?? "other", status, (performance.now() - started) / 1000);
    });
    const headers = endpoint?.page === true ? withBrowserLogin(request.headers) : request.headers;
    const serve = (guest: VirtualKey | undefined): void => {
      if (endpoint === undefined) {
        sendError(response, unknownPath(path));
        return;
      }
      if (!takes(endpoint, request.method)) {
        sendError(response, wrongMethod(endpoint.method), endpoint.operation);
        return;
      }
      try {
        const context = { snapshot, draining, log, metrics, books, guest };
        const pending = endpoint.handle(request, response, context, route?.parameter);
        pending?.catch((error: unknown) => answerInternalError(error, request, response, log));
      } catch (error) {
        answerInternalError(error, request, response, log);
      }
    };
    if (endpoint?.open === true || snapshot.mayAsk(headers)) serve(undefined);
    else if (!snapshot.hasMasterKey) sendError(response, foreignRequest, endpoint?.operation);
    else if (endpoint?.page === true) sendError(response, loginWanted);
    else {
      letGuestIn(request, endpoint, books, {
        welcome: serve,
        refuse: (error) => sendError(response, error, endpoint?.operation),
        bug: (error) => answerInternalError(error, request, response, log),
      });
    }
  }

  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    unfollow();
    await current.engine.destroy();
    throw cannotListen(error, port, host);
  }
  if (current.hasMasterKey) books.warm();
  return {
    port: (server.address() as AddressInfo).port,
    replace(next) {
      const old = current;
      current = createSnapshot(next, onRouteEvent);
      unfollow();
      unfollow = followSecrets(next, onSecretChange);
      books.configure(next.books);
      const retired = old.retire().finally(() => retiring.delete(old));
      retiring.set(old, retired);
    },
    async close(milliseconds) {
      draining = true;
      unfollow();
      const closed = once(server, "close");
      server.close();
      // A connection whose request was under way becomes idle later, and nobody else looks.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), milliseconds);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
      await Promise.all([current.engine.destroy(), ...retiring.values()]);
      await books.close(Math.min(milliseconds, spendPatience));
    },
  };
}

/** Node leaves the body of an answer to HEAD away. */
function takes({ method }: Endpoint, asked: string | undefined): boolean {
  return asked === method || (asked === "HEAD" && method === "GET");
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
