import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exchange, isLlmError, type Operation, pickRequestHeaders, readRequestHead } from "@keyward/llm";
import { type ApiError, apiError, sendError, sendLlmError } from "./answers.ts";
import { ClientReceiver } from "./client-receiver.ts";
import type { EndpointContext } from "./endpoint.ts";
import { answerInternalError } from "./internal-error.ts";
import { sendMetered } from "./metered-call.ts";
import { readBody } from "./request-body.ts";

/**
 * The hot path: one question from a client to a model, and its answer back.
 * @param modelInPath where the path names the model
 */
export function callModel(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
  { snapshot, log, metrics, books, guest }: EndpointContext,
  modelInPath?: string,
): void {
  if (!metrics.beginCall(snapshot.maxParallelCalls)) {
    sendError(response, tooMany, operation);
    return;
  }
  let exchange: Exchange | undefined;
  let gone = false;
  // Before anything is sent, so that no client leaves unnoticed. A finished answer closes its response as well.
  response.on("close", () => {
    metrics.endCall();
    gone = !response.writableFinished;
    if (gone) exchange?.cancel();
  });
  response.on("drain", () => exchange?.resume());
  readBody(request, snapshot.maxBodyBytes, (body) => {
    if (gone) return;
    if (body === undefined) {
      sendError(response, tooLarge(snapshot.maxBodyBytes), operation);
      return;
    }
    try {
      const contentType = request.headers["content-type"];
      const head = readRequestHead(body, { contentType, model: modelInPath });
      // What a client makes up is no label.
      const model = snapshot.names.has(head.model) ? head.model : "";
      const receiver = new ClientReceiver(response, operation, (reason, error) => {
        metrics.modelFailed(model, reason);
        // What a client does wrong it is told itself; its words have no place in the log.
        if (error !== undefined && error.status >= 500) log.warn(`${error.code}: ${error.message}`);
      });
      if (model !== "") metrics.modelCalled(model, operation);
      const call = { operation, head, headers: pickRequestHeaders(request.headers) };
      const { engine } = snapshot;
      // A model that is not there costs nothing, and the engine knows what to say of it.
      exchange =
        guest === undefined || model === ""
          ? engine.send(call, receiver)
          : sendMetered(call, receiver, {
              books,
              guest,
              engine,
              refuse: (error) => sendError(response, error, operation),
            });
    } catch (error) {
      if (!isLlmError(error)) answerInternalError(error, request, response, log);
      else sendLlmError(response, error, operation);
    }
  });
}

const tooMany = apiError(
  "too_many_requests",
  "The proxy is answering as many requests as general_settings.global_max_parallel_requests allows: ask again soon",
  { "retry-after": "1" },
);

function tooLarge(limit: number): ApiError {
  const megabytes = (limit / 1024 / 1024).toFixed(limit < 1024 * 1024 ? 3 : 0);
  const message = `The body is larger than ${megabytes} MB, the limit that general_settings.max_request_size_mb sets`;
  return apiError("request_too_large", message);
}
