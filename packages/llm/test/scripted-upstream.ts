import type { RequestListener } from "node:http";
import { upstreamServer } from "./upstream-server.ts";

export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedUpstream extends AsyncDisposable {
  readonly url: string;
  /** How many requests came. */
  readonly calls: () => number;
}

/** An upstream that answers each request with the next of its answers, and the last one for ever. */
export async function scriptedUpstream(...answers: readonly Answer[]): Promise<ScriptedUpstream> {
  let calls = 0;
  const listener: RequestListener = (request, response) => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    request.resume().on("end", () => {
      response.writeHead(answer?.status ?? 500, { "content-type": "application/json", ...answer?.headers });
      response.end(answer?.body ?? "{}");
    });
  };
  const server = await upstreamServer(listener);
  return {
    url: server.url,
    calls: () => calls,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
