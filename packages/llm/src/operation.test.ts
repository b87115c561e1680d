import { buffer } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { Recorder } from "../test/recorder.ts";
import { upstreamServer } from "../test/upstream-server.ts";
import { createEngine, type Engine, operations, pickRequestHeaders, readRequestHead } from "./index.ts";

const open: AsyncDisposable[] = [];
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.destroy()));
  await Promise.all(open.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

/** An upstream that sends back what it got, and an engine before it. */
async function echo(): Promise<Engine> {
  const server = await upstreamServer(async (request, response) => {
    const body = await buffer(request);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "x-request-id": request.url ?? "",
    });
    response.end(
      Buffer.concat([Buffer.from(`${request.method} ${request.headers["content-type"]}\n`), body]),
    );
  });
  open.push(server);
  const models = [{ name: "m", model: "openai/wire", apiBase: `${server.url}/v1` }];
  const engine = createEngine({ models, redact: String });
  engines.push(engine);
  return engine;
}

test.each(operations)("%s passes through", async (operation) => {
  const engine = await echo();
  const recorder = new Recorder();
  const head = readRequestHead(Buffer.from('{"model":"m", "odd":1.0}'));
  engine.send({ operation, head, headers: pickRequestHeaders({}) }, recorder);
  await recorder.done;
  expect(recorder.header("x-request-id")).toBe(`/v1${operation}`);
  expect(recorder.text).toBe('POST application/json\n{"model":"wire", "odd":1.0}');
});

test("a form passes through with its boundary and its file", async () => {
  const engine = await echo();
  const data = new FormData();
  const audio = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  data.append("file", new File([audio], "a.wav"));
  data.append("model", "m");
  const form = new Response(data);
  const contentType = form.headers.get("content-type") ?? "";
  const head = readRequestHead(Buffer.from(await form.arrayBuffer()), { contentType });
  const recorder = new Recorder();
  const headers = pickRequestHeaders({ "content-type": contentType });
  engine.send({ operation: "/audio/transcriptions", head, headers }, recorder);
  await recorder.done;
  const bytes = Buffer.concat(recorder.chunks);
  const end = bytes.indexOf("\n");
  expect(bytes.toString("utf8", 0, end)).toBe(`POST ${contentType}`);
  const read = await new Response(bytes.subarray(end + 1), {
    headers: { "content-type": contentType },
  }).formData();
  expect(read.get("model")).toBe("wire");
  expect(Buffer.from(await (read.get("file") as File).arrayBuffer()).equals(audio)).toBe(true);
});

test("errors of /messages have Anthropic's shape", async () => {
  const engine = await echo();
  const recorder = new Recorder();
  const head = readRequestHead(Buffer.from('{"model":"nobody"}'));
  engine.send({ operation: "/messages", head, headers: [] }, recorder);
  const { error } = await recorder.done;
  expect(error?.toBody("/messages")).toEqual({
    type: "error",
    error: { type: "not_found_error", message: error?.message },
  });
});
