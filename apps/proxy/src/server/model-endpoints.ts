import { type Operation, operations } from "@keyward/llm";
import type { Endpoint } from "./endpoint.ts";
import { callModel } from "./model-call.ts";

const summaries: Readonly<Record<Operation, string>> = {
  "/chat/completions": "Continue a conversation",
  "/completions": "Continue a text",
  "/embeddings": "Turn texts into vectors",
  "/responses": "Answer with OpenAI's Responses API",
  "/messages": "Continue a conversation, in Anthropic's form",
  "/images/generations": "Draw a picture",
  "/images/edits": "Change a picture",
  "/audio/speech": "Read a text aloud",
  "/audio/transcriptions": "Write down what is said",
  "/audio/translations": "Write down in English what is said",
  "/moderations": "Judge whether a text is harmful",
};

/** What models can be asked, under OpenAI's paths. Azure's clients put `/openai` before them. */
export const modelEndpoints: readonly Endpoint[] = operations.map((operation) => ({
  path: `/v1${operation}`,
  aliases: [operation, `/openai/v1${operation}`, `/openai${operation}`],
  method: "POST",
  summary: summaries[operation],
  operation,
  guests: true,
  handle: (request, response, context) => callModel(operation, request, response, context),
}));

/** The same under Azure's paths, which name the model. */
export const deploymentEndpoints: readonly Endpoint[] = operations.map((operation) => ({
  path: `/openai/deployments/{model}${operation}`,
  method: "POST",
  summary: `${summaries[operation]}, under Azure's path`,
  operation,
  guests: true,
  handle: (request, response, context, model) => callModel(operation, request, response, context, model),
}));
