/** What the upstream answers, as OpenAI does, ready to be written. */

const requestId = "req_5f0c2e6b9d8a4713b2c6e1f09a7d3348";
const common =
  "date: Mon, 01 Jan 2029 00:00:00 GMT\r\n" +
  `x-request-id: ${requestId}\r\n` +
  "openai-processing-ms: 12\r\n" +
  "openai-version: 2020-10-01\r\n" +
  "x-ratelimit-limit-requests: 10000\r\n" +
  "x-ratelimit-remaining-requests: 9999\r\n" +
  "set-cookie: __cf_bm=none; path=/; HttpOnly\r\n" +
  "server: upstream\r\n\r\n";

const text = "The quick brown fox jumps over the lazy dog and is not measured for it. ".repeat(9);
const body = JSON.stringify({
  id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
  object: "chat.completion",
  created: 1_741_569_952,
  model: "gpt-4o-2024-08-06",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: text, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
  service_tier: "default",
});

/** About 1 kB of JSON. */
export const completion = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${common}${body}`,
);

const words = 50;

/** A stream of 50 events, each a chunk of its own: the first behind the head, the last before the end. */
export const events: readonly Buffer[] = Array.from({ length: words }, (_, index) => {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n${common}`;
  if (index === 0) return Buffer.from(head + chunk(delta("The")));
  if (index < words - 1) return Buffer.from(chunk(delta(` word${index}`)));
  return Buffer.from(`${chunk("data: [DONE]\n\n")}0\r\n\r\n`);
});

/** For streams that are not read: few writes fill every buffer. */
export const longEvent = Buffer.from(chunk(delta("x".repeat(16_000))));

function delta(content: string): string {
  const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }];
  const id = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT";
  const created = 1_741_569_952;
  return `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created, model: "gpt-4o", choices })}\n\n`;
}

function chunk(data: string): string {
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
}
