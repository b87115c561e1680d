import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { type UpstreamServer, upstreamServer } from "./upstream-server.ts";

export interface FakeOpenAi extends UpstreamServer {
  /** What came, in order. */
  readonly requests: { readonly path: string; readonly key: string | undefined; readonly body: Request }[];
}

interface Request {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly content: string }[];
}

/** Answers chats, embeddings and responses as OpenAI does, for one key; refuses others and repeats them, as it did. */
export async function fakeOpenAi(key: string): Promise<FakeOpenAi> {
  const requests: FakeOpenAi["requests"] = [];
  const server = await upstreamServer(async (request, response) => {
    const body = (await json(request)) as Request;
    const { authorization } = request.headers;
    requests.push({ path: request.url ?? "", key: authorization, body });
    if (authorization !== `Bearer ${key}`) return refuse(response, authorization);
    const answer = answers[request.url ?? ""];
    if (answer === undefined)
      return send(response, 404, { error: { message: "unknown", code: "not_found" } });
    answer(body, response, request);
  });
  return { ...server, requests };
}

function refuse(response: ServerResponse, authorization: string | undefined): void {
  const message = `Incorrect API key provided: ${authorization?.slice(7)}.`;
  const error = { message, type: "invalid_request_error", param: null, code: "invalid_api_key" };
  send(response, 401, { error });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

type Answer = (body: Request, response: ServerResponse, request: IncomingMessage) => void;

const answers: Readonly<Record<string, Answer>> = {
  "/v1/chat/completions": ({ model, stream, messages = [] }, response) => {
    const content = `You said: ${messages.at(-1)?.content}`;
    const envelope = { id: "chatcmpl-1", created: 1, model };
    if (!stream) {
      const message = { role: "assistant", content, refusal: null };
      const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
      const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
      send(response, 200, { ...envelope, object: "chat.completion", choices, usage });
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of content.split(/(?= )/)) {
      const choices = [{ index: 0, delta: { content: word }, finish_reason: null }];
      response.write(
        `data: ${JSON.stringify({ ...envelope, object: "chat.completion.chunk", choices })}\n\n`,
      );
    }
    response.end("data: [DONE]\n\n");
  },
  "/v1/embeddings": ({ model }, response) => {
    const data = [{ object: "embedding", index: 0, embedding: [0.5, -0.25] }];
    send(response, 200, { object: "list", model, data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  },
  "/v1/responses": ({ model, stream }, response) => {
    const content = [{ type: "output_text", text: "Hello", annotations: [] }];
    const output = [{ type: "message", id: "msg_1", role: "assistant", status: "completed", content }];
    const whole = { id: "resp_1", object: "response", created_at: 1, model, status: "completed", output };
    if (!stream) {
      send(response, 200, whole);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const delta = {
      type: "response.output_text.delta",
      item_id: "msg_1",
      delta: "Hello",
      sequence_number: 0,
    };
    for (const event of [delta, { type: "response.completed", response: whole, sequence_number: 1 }]) {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  },
};
