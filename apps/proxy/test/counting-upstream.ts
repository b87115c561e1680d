import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An upstream that keeps the sum of what it has told of its usage. */
export interface CountingUpstream extends AsyncDisposable {
  /** With `/v1`, as an `api_base`. */
  readonly url: string;
  readonly served: { requests: number; prompt: number; completion: number };
}

/** Answers chat completions, streamed where asked, with another usage each time. */
export async function countingUpstream(): Promise<CountingUpstream> {
  const served = { requests: 0, prompt: 0, completion: 0 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: { stream?: boolean } = JSON.parse(Buffer.concat(chunks).toString());
    const prompt = 1 + (served.requests % 97);
    const completion = 1 + (served.requests % 89);
    served.requests++;
    served.prompt += prompt;
    served.completion += completion;
    const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
    if (body.stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}\n\n');
      response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
    } else {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ choices: [{ index: 0, message: { content: "a" } }], usage }));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    served,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
