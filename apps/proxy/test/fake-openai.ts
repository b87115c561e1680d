import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: { readonly [key: string]: unknown };
}

export interface FakeOpenAi extends AsyncDisposable {
  /** With `/v1`, as an `api_base`. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Answers the next requests instead; called when the body has been read. */
  instead: ((response: ServerResponse, request: SeenRequest) => void) | undefined;
}

/** Answers as OpenAI does: a completion, or events when `stream` is set; its own 401 for a key it does not know. */
export async function fakeOpenAi(keys: readonly string[]): Promise<FakeOpenAi> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = readBody(Buffer.concat(chunks).toString());
    const seen = { url: request.url ?? "", headers: request.headers, body };
    requests.push(seen);
    if (fake.instead) fake.instead(response, seen);
    else answer(response, seen, keys);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeOpenAi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    instead: undefined,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

function answer(
  response: ServerResponse,
  { url, headers, body }: SeenRequest,
  keys: readonly string[],
): void {
  const key = headers.authorization?.replace("Bearer ", "") ?? headers["api-key"];
  if (typeof key !== "string" || !keys.includes(key)) {
    const message = `Incorrect API key provided: ${key}. You can find your API key at https://platform.openai.com.`;
    json(response, 401, {
      error: { message, type: "invalid_request_error", param: null, code: "invalid_api_key" },
    });
    return;
  }
  if (url.includes("/embeddings")) {
    const data = [{ object: "embedding", index: 0, embedding: [0.5, -0.25] }];
    json(response, 200, {
      object: "list",
      data,
      model: body.model,
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
    return;
  }
  if (body.stream === true) {
    streamed(response, body, ["Hel", "lo ", "🌍"]);
    return;
  }
  const message = { role: "assistant", content: "Hello 🌍", refusal: null };
  json(response, 200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: body.model,
    choices: [{ index: 0, message, finish_reason: "stop", logprobs: null }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-request-id": "req_fake",
    "set-cookie": "upstream=1",
  });
  response.end(JSON.stringify(body));
}

/** One event of a stream. */
export function event(model: unknown, content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model, choices })}\n\n`;
}

function streamed(
  response: ServerResponse,
  { model, ...body }: SeenRequest["body"],
  words: readonly string[],
): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-request-id": "req_fake" });
  for (const word of words) response.write(event(model, word));
  const options = body.stream_options;
  if (
    typeof options === "object" &&
    options !== null &&
    "include_usage" in options &&
    options.include_usage
  ) {
    const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
    response.write(
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model, choices: [], usage })}\n\n`,
    );
  }
  response.end("data: [DONE]\n\n");
}

/** A form has no fields that anybody here looks at. */
function readBody(text: string): SeenRequest["body"] {
  return text.startsWith("{") ? JSON.parse(text) : {};
}
