import { LlmError } from "./errors.ts";
import { failed } from "./fault.ts";
import type { Operation } from "./operation.ts";
import type { Call, DeploymentIdentity, Exchange, Receiver, Recovery, Transport } from "./transport.ts";

/** `mock_response`: a deployment that answers a fixed text, in the form that OpenAI answers in, and asks nobody. */
export class Mock implements Transport {
  readonly #model: string;
  readonly #text: string;
  readonly #identity: DeploymentIdentity;
  #answers = 0;

  constructor(model: string, deployment: string, text: string) {
    this.#model = model;
    this.#text = text;
    this.#identity = { provider: "mock_response", model, deployment, origin: "", secret: undefined };
  }

  send(call: Call, receiver: Receiver, recovery: Recovery): Exchange {
    let pending = this.#answer(call);
    let started = false;
    let cancelled = false;
    const write = (): void => {
      if (cancelled) return;
      if (pending instanceof LlmError) {
        const fault = failed(pending, this.#identity);
        if (!recovery.takesOver(fault)) fault.tell(receiver);
        return;
      }
      const type = call.head.stream ? "text/event-stream" : "application/json";
      if (!started) receiver.start(200, ["content-type", type], this.#identity);
      started = true;
      for (const [index, chunk] of pending.entries()) {
        if (receiver.data(Buffer.from(chunk))) continue;
        pending = pending.slice(index + 1);
        return;
      }
      receiver.end();
    };
    queueMicrotask(write);
    return {
      resume: write,
      cancel: () => {
        cancelled = true;
      },
    };
  }

  #answer({ operation, head }: Call): readonly string[] | LlmError {
    const shape = shapes[operation];
    if (shape === undefined) {
      const message = `Model "${this.#model}" is a mock_response, which answers chat and text completions only`;
      return new LlmError({
        code: "operation_not_supported",
        message,
        model: this.#model,
      });
    }
    const envelope = {
      id: `${shape.prefix}-mock-${++this.#answers}`,
      created: Math.floor(Date.now() / 1000),
      model: this.#model,
    };
    if (!head.stream) {
      const choice = {
        index: 0,
        finish_reason: "stop",
        logprobs: null,
        ...shape.whole(this.#text),
      };
      return [
        JSON.stringify({
          ...envelope,
          object: shape.object,
          choices: [choice],
          usage: noUsage,
        }),
      ];
    }
    const object = shape.streamed;
    const event = (choices: readonly object[], rest: object = {}): string =>
      `data: ${JSON.stringify({ ...envelope, object, choices, ...rest })}\n\n`;
    const words = this.#text.match(/\s*\S+|\s+$/g) ?? [];
    return [
      ...words.map((word, index) =>
        event([{ index: 0, finish_reason: null, ...shape.part(word, index === 0) }]),
      ),
      event([{ index: 0, finish_reason: "stop", ...shape.last }]),
      ...(wantsUsage(head.bytes) ? [event([], { usage: noUsage })] : []),
      "data: [DONE]\n\n",
    ];
  }
}

interface Shape {
  readonly prefix: string;
  readonly object: string;
  readonly streamed: string;
  readonly whole: (text: string) => object;
  readonly part: (text: string, first: boolean) => object;
  readonly last: object;
}

const shapes: Readonly<Partial<Record<Operation, Shape>>> = {
  "/chat/completions": {
    prefix: "chatcmpl",
    object: "chat.completion",
    streamed: "chat.completion.chunk",
    whole: (content) => ({
      message: { role: "assistant", content, refusal: null },
    }),
    part: (content, first) => ({
      delta: { ...(first ? { role: "assistant" } : {}), content },
    }),
    last: { delta: {} },
  },
  "/completions": {
    prefix: "cmpl",
    object: "text_completion",
    streamed: "text_completion",
    whole: (text) => ({ text }),
    part: (text) => ({ text }),
    last: { text: "" },
  },
};

// No model has read or written a token.
const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

function wantsUsage(bytes: Buffer): boolean {
  const request = parse(bytes);
  if (typeof request !== "object" || request === null || !("stream_options" in request)) return false;
  const options = request.stream_options;
  return (
    typeof options === "object" &&
    options !== null &&
    "include_usage" in options &&
    options.include_usage === true
  );
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // A long body is not parsed before it gets here; for a mock its model is enough.
    return undefined;
  }
}
