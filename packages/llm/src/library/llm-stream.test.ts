import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createSecrets, inMemory } from "@keyward/core";
import { afterEach, expect, test, vi } from "vitest";
import { openAiAt } from "../../test/local-rows.ts";
import { closeAll, untilClosed } from "../../test/routed-engine.ts";
import { upstreamServer } from "../../test/upstream-server.ts";
import { createLlm, type Llm } from "../index.ts";

afterEach(closeAll);

const canary = "sk-canary-4711";
const messages = [{ role: "user" as const, content: "Hi" }];
const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: "c", choices: [{ delta: { content } }] })}\n\n`;
const asked = { model: "gpt-4o", messages, stream: true } as const;

/** An Llm before an upstream that answers as the test says. */
async function before(answer: (response: ServerResponse) => void): Promise<Llm> {
  const server = untilClosed(
    await upstreamServer((request, response) => {
      request.resume().on("end", () => answer(response));
    }),
  );
  const secrets = untilClosed(createSecrets({ providers: [inMemory({ OPENAI_API_KEY: canary })] }));
  return untilClosed(createLlm({ secrets, providers: openAiAt(server.url), settings: { numRetries: 0 } }));
}

const begin = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });

test("leaving the loop ends the upstream's work", async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const llm = await before((response) => {
    begin(response).write(chunk("one"));
    arrived.resolve(response);
  });
  for await (const part of await llm.completion(asked)) {
    expect(part.choices[0]?.delta.content).toBe("one");
    break;
  }
  await once(await arrived.promise, "close");
});

test.each(["cancel", "dispose"])("%s ends the upstream's work without a loop", async (way) => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const llm = await before((response) => {
    begin(response).write(chunk("one"));
    arrived.resolve(response);
  });
  const stream = await llm.completion(asked);
  if (way === "cancel") stream.cancel();
  else await stream[Symbol.asyncDispose]();
  await once(await arrived.promise, "close");
});

test.each([true, false])("an AbortSignal ends a call before its answer (stream: %s)", async (stream) => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const llm = await before((response) => arrived.resolve(response));
  const controller = new AbortController();
  const answer = llm.completion({ ...asked, stream }, { signal: controller.signal });
  const refused = expect(answer).rejects.toMatchObject({ code: "aborted", model: "gpt-4o" });
  const response = await arrived.promise;
  controller.abort();
  await refused;
  await once(response, "close");
});

test("an AbortSignal ends a stream in its middle, and one that is spent ends a call at once", async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const llm = await before((response) => {
    begin(response).write(chunk("one"));
    arrived.resolve(response);
  });
  const controller = new AbortController();
  const stream = await llm.completion(asked, { signal: controller.signal });
  const read = async () => {
    for await (const part of stream) if (part.id === "c") controller.abort();
  };
  await expect(read()).rejects.toMatchObject({ code: "aborted", provider: "openai" });
  await once(await arrived.promise, "close");
  const again = llm.completion(asked, { signal: controller.signal });
  await expect(again).rejects.toMatchObject({ code: "aborted" });
});

test("a signal that outlives its calls keeps no listener of theirs", async () => {
  const llm = await before((response) => begin(response).end(`${chunk("one")}data: [DONE]\n\n`));
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  for await (const part of await llm.completion(asked, { signal })) expect(part.id).toBe("c");
  expect(added).toHaveBeenCalledTimes(1);
  expect(removed).toHaveBeenCalled();
});

test("a reader that is slow slows the upstream down", async () => {
  const total = 64 * 1024 * 1024;
  const piece = chunk("x".repeat(60_000));
  let sent = 0;
  const llm = await before((response) => {
    begin(response);
    const more = () => {
      let room = true;
      for (; room && sent < total; sent += piece.length) room = response.write(piece);
      if (sent >= total) response.end();
    };
    response.on("drain", more);
    more();
  });
  const stream = await llm.completion(asked);
  let last = -1;
  await vi.waitFor(() => {
    const standing = sent > 0 && sent === last;
    last = sent;
    expect(standing).toBe(true);
  });
  expect(sent).toBeLessThan(total / 2);
  let parts = 0;
  for await (const part of stream) parts += part.id === "c" ? 1 : 0;
  expect(parts).toBe(Math.ceil(total / piece.length));
});

test("a stream that breaks off is an error, not an end", async () => {
  const llm = await before((response) => begin(response).write(chunk("one"), () => response.destroy()));
  const parts: unknown[] = [];
  const read = async () => {
    for await (const part of await llm.completion(asked)) parts.push(part);
  };
  await expect(read()).rejects.toMatchObject({ code: "upstream_interrupted", provider: "openai" });
  expect(parts).toHaveLength(1);
});

test.each([
  ["a chat's", `data: {"error":{"message":"no more of ${canary}","code":"server_error"}}\n\n`],
  [
    "a response's",
    `event: error\ndata: {"type":"error","code":"server_error","message":"no more of ${canary}"}\n\n`,
  ],
])("an error in the middle of %s stream is thrown, without the key", async (_, event) => {
  const llm = await before((response) => begin(response).end(event));
  const read = async () => {
    for await (const part of await llm.completion(asked)) expect.unreachable(JSON.stringify(part));
  };
  await expect(read()).rejects.toMatchObject({
    code: "upstream_interrupted",
    upstreamCode: "server_error",
    message: expect.stringMatching(/no more of \[secret\]$/),
  });
});

test("what is not JSON where JSON belongs is an error that does not quote it", async () => {
  const whole = await before((response) => response.end("<secret>"));
  const expected = { code: "upstream_invalid", message: expect.not.stringContaining("<secret>") };
  await expect(whole.completion({ ...asked, stream: false })).rejects.toMatchObject(expected);
  const streamed = await before((response) => begin(response).end("data: <secret>\n\n"));
  const read = async () => {
    for await (const part of await streamed.completion(asked)) expect.unreachable(JSON.stringify(part));
  };
  await expect(read()).rejects.toMatchObject(expected);
});
