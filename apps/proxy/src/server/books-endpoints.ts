import type { IncomingMessage, ServerResponse } from "node:http";
import type { BooksEndpoint } from "../books/api/endpoint.ts";
import { questions, regenerateKey } from "../books/api/endpoints.ts";
import { bad, Refused, readObject } from "../books/api/fields.ts";
import { describeFailure } from "../books/database/failure.ts";
import { databaseUnavailable, refusal } from "../books/refusals.ts";
import { sendError, sendJson } from "./answers.ts";
import type { Endpoint, EndpointContext } from "./endpoint.ts";
import { loggedPath } from "./internal-error.ts";
import { readBody } from "./request-body.ts";

const mostBytes = 1024 * 1024;

/** The endpoints about keys and spend, for whoever has the master key. */
export const booksEndpoints: readonly Endpoint[] = questions.map((question) => ({
  path: question.path,
  method: question.method,
  summary: question.summary,
  handle: (request, response, context) => answer(question, undefined, request, response, context),
}));

/** LiteLLM's other place for regenerating a key: its name is in the path. */
export const regenerateNamed: Endpoint = {
  path: "/key/{key}/regenerate",
  method: "POST",
  summary: regenerateKey.summary,
  handle: (request, response, context, key) => answer(regenerateKey, key, request, response, context),
};

async function answer(
  question: BooksEndpoint,
  named: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  { snapshot, books, log }: EndpointContext,
): Promise<void> {
  if (!snapshot.hasMasterKey) {
    sendError(response, noMasterKey);
    return;
  }
  try {
    const body = readObject(question.method === "POST" ? await bodyOf(request) : "");
    const { searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    const { open } = books;
    const { isMasterKey } = snapshot;
    sendJson(response, 200, await question.answer({ query, body, named, open, isMasterKey }), {
      "cache-control": "no-store",
    });
  } catch (error) {
    if (error instanceof Refused) sendError(response, error.answer);
    else {
      log.warn(`${loggedPath(request)}: ${describeFailure(error)}`);
      sendError(response, databaseUnavailable);
    }
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    readBody(request, mostBytes, (body) => {
      if (body === undefined) reject(bad("The body is larger than 1 MB"));
      else resolve(body.toString());
    });
    request.once("close", () => reject(bad("The body did not arrive whole")));
  });
}

const noMasterKey = refusal(
  "master_key_required",
  "There is no master key, and so are no virtual keys: set general_settings.master_key",
);
