import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exchange, isLlmError, type Operation, pickRequestHeaders, readRequestHead } from "@keyward/llm";
import type { Log } from "../log.ts";
import { type ApiError, apiError, sendError, sendJson } from "./answers.ts";
import { ClientReceiver } from "./client-receiver.ts";
import { readBody } from "./request-body.ts";
import type { Snapshot } from "./snapshot.ts";

/** The hot path: one question from a client to a model, and its answer back. */
export function callModel(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
  snapshot: Snapshot,
  log: Log,
): void {
  let exchange: Exchange | undefined;
  let gone = false;
  // Before anything is sent, so that no client leaves unnoticed. A finished answer closes its response as well.
  response.on("close", () => {
    gone = !response.writableFinished;
    if (gone) exchange?.cancel();
  });
  response.on("drain", () => exchange?.resume());
  readBody(request, snapshot.maxBodyBytes, (body) => {
    if (gone) return;
    if (body === undefined) {
      sendError(response, tooLarge(snapshot.maxBodyBytes));
      return;
    }
    try {
      const call = { operation, head: readRequestHead(body), headers: pickRequestHeaders(request.headers) };
      const receiver = new ClientReceiver(response, (error) => {
        // What a client does wrong it is told itself; its words have no place in the log.
        if (error.status >= 500) log.warn(`${error.code}: ${error.message}`);
      });
      exchange = snapshot.engine.send(call, receiver);
    } catch (error) {
      if (!isLlmError(error)) throw error;
      sendJson(response, error.status, error.toBody());
    }
  });
}

function tooLarge(limit: number): ApiError {
  const megabytes = (limit / 1024 / 1024).toFixed(limit < 1024 * 1024 ? 3 : 0);
  const message = `The body is larger than ${megabytes} MB, the limit that general_settings.max_request_size_mb sets`;
  return apiError("request_too_large", message);
}
