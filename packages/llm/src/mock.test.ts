import { expect, test } from "vitest";
import { Recorder } from "../test/recorder.ts";
import { createEngine } from "./engine.ts";
import type { Operation } from "./operation.ts";
import { readRequestHead } from "./request-head.ts";

const engine = createEngine({
  models: [{ name: "mock", model: "openai/any", mockResponse: "one two  three\n" }],
  redact: (text) => text,
});

async function ask(body: object, operation: Operation = "/chat/completions"): Promise<Recorder> {
  const head = readRequestHead(Buffer.from(JSON.stringify({ model: "mock", ...body })));
  const recorder = new Recorder();
  engine.send({ operation, head, headers: [] }, recorder);
  return recorder.done;
}

function events(text: string): unknown[] {
  return text
    .split("\n\n")
    .flatMap((event) => (event.startsWith("data: {") ? [JSON.parse(event.slice(6))] : []));
}

test("answers a chat", async () => {
  const { status, text, header } = await ask({});
  expect(status).toBe(200);
  expect(header).toBeDefined();
  expect(JSON.parse(text)).toMatchObject({
    object: "chat.completion",
    model: "mock",
    choices: [{ message: { role: "assistant", content: "one two  three\n" }, finish_reason: "stop" }],
  });
});

test("streams a chat whose parts are the whole", async () => {
  const { text } = await ask({ stream: true });
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  const parts = events(text).map(
    (event) => (event as { choices: { delta: { content?: string } }[] }).choices[0]?.delta,
  );
  expect(parts.map((delta) => delta?.content ?? "").join("")).toBe("one two  three\n");
  expect(parts.length).toBeGreaterThan(3);
});

test("streams usage only when it is asked for", async () => {
  const withUsage = events((await ask({ stream: true, stream_options: { include_usage: true } })).text);
  expect(withUsage.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 0 } });
  const without = events((await ask({ stream: true })).text);
  expect(without.at(-1)).not.toHaveProperty("usage");
});

test("answers a text completion", async () => {
  expect(JSON.parse((await ask({}, "/completions")).text)).toMatchObject({
    object: "text_completion",
    choices: [{ text: "one two  three\n" }],
  });
});

test("has no embeddings", async () => {
  expect((await ask({}, "/embeddings")).error).toMatchObject({
    code: "operation_not_supported",
    status: 400,
  });
});

test("waits when it is asked to, and goes on", async () => {
  const recorder = new Recorder();
  recorder.ready = false;
  const head = readRequestHead(Buffer.from('{"model":"mock","stream":true}'));
  const exchange = engine.send({ operation: "/chat/completions", head, headers: [] }, recorder);
  await recorder.started;
  expect(recorder.chunks).toHaveLength(1);
  recorder.ready = true;
  exchange.resume();
  await recorder.done;
  expect(recorder.text.endsWith("[DONE]\n\n")).toBe(true);
});
