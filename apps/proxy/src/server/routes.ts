import type { IncomingMessage, ServerResponse } from "node:http";
import { operations } from "@keyward/llm";
import type { Log } from "../log.ts";
import { sendJson } from "./answers.ts";
import { health, liveness, readiness } from "./health.ts";
import { callModel } from "./model-call.ts";
import type { Snapshot } from "./snapshot.ts";

export interface RouteContext {
  readonly snapshot: Snapshot;
  readonly draining: boolean;
  readonly log: Log;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** Whether it answers without a key. */
  readonly open?: boolean;
  handle(request: IncomingMessage, response: ServerResponse, context: RouteContext): void | Promise<void>;
}

const get = (handle: Route["handle"], open = false): Route => ({ method: "GET", open, handle });

/** Every path that is served. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...operations.flatMap((operation) => {
    const route: Route = {
      method: "POST",
      handle: (request, response, { snapshot, log }) =>
        callModel(operation, request, response, snapshot, log),
    };
    return withAndWithoutVersion(operation, route);
  }),
  ...withAndWithoutVersion(
    "/models",
    get((_, response, { snapshot }) => sendJson(response, 200, snapshot.models)),
  ),
  ["/health", get((_, response, { snapshot }) => health(response, snapshot))],
  ["/health/liveliness", get((_, response) => liveness(response), true)],
  ["/health/liveness", get((_, response) => liveness(response), true)],
  ["/health/readiness", get((_, response, { draining }) => readiness(response, draining), true)],
]);

function withAndWithoutVersion(path: string, route: Route): [string, Route][] {
  return [
    [`/v1${path}`, route],
    [path, route],
  ];
}
