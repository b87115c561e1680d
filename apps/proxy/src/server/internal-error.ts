import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import { apiError, sendError } from "./answers.ts";

/** Nothing that a client sends may end the process, or hear of its insides. */
export function answerInternalError(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): void {
  const what = error instanceof Error ? error.stack : "?";
  log.warn(`internal error in ${request.method} ${loggedPath(request)}: ${what}`);
  if (response.headersSent) response.destroy();
  else sendError(response, apiError("internal_error", "The proxy failed; its log says how"));
}

/** Without its query, in which some clients send their key. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** As `pathOf`, and without the key that `/key/{key}/regenerate` has in its path. */
export function loggedPath(request: IncomingMessage): string {
  return pathOf(request).replace(/^\/key\/[^/]+\//, "/key/.../");
}
