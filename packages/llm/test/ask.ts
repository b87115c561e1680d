import type { RequestListener } from "node:http";
import { createEngine, type Exchange, type ModelOptions, readRequestHead } from "../src/index.ts";
import { Recorder } from "./recorder.ts";
import { untilClosed } from "./routed-engine.ts";
import { type UpstreamServer, upstreamServer } from "./upstream-server.ts";

export const canary = "sk-canary-4711";

export async function upstream(listener: RequestListener): Promise<UpstreamServer> {
  return untilClosed(await upstreamServer(listener));
}

/** One call through an engine of one deployment, with a key that upstreams may repeat. */
export function ask(
  options: Partial<ModelOptions>,
  body: object = {},
  headers: string[] = [],
): [Recorder, Exchange] {
  const key = { name: "KEY", read: async () => canary };
  const redact = (text: string) => text.replaceAll(canary, "[secret]");
  const engine = createEngine({
    models: [{ name: "m", model: "openai/wire", apiKey: key, ...options }],
    redact,
    settings: { numRetries: 0 },
  });
  untilClosed({ [Symbol.asyncDispose]: () => engine.destroy() });
  const head = readRequestHead(Buffer.from(JSON.stringify({ model: "m", ...body })));
  const recorder = new Recorder();
  return [recorder, engine.send({ operation: "/chat/completions", head, headers }, recorder)];
}
