import { inspect } from "node:util";

/** An error as vendors' SDKs throw them: the canary in every place where one has been seen to hold a credential. */
export function sdkError(canary: string): Error {
  const cause = new AggregateError([new Error(`socket: ${canary}`)], `agent: ${canary}`, { cause: canary });
  const error = new Error(`401 for Bearer ${canary}`, { cause });
  error.name = `RestError ${canary}`;
  error.stack = `RestError: ${canary}\n    at https://host/?token=${encodeURIComponent(canary)}`;
  Object.defineProperty(error, "hidden", { value: canary });
  Object.defineProperty(error, "computed", { get: () => canary, enumerable: true });
  return Object.assign(error, {
    code: canary,
    statusCode: 401,
    retryAfterMs: canary,
    reason: canary,
    request: {
      url: `https://host/?key=${encodeURIComponent(canary)}`,
      headers: new Map([["authorization", `Basic ${Buffer.from(`user:${canary}`).toString("base64")}`]]),
    },
    response: { bodyAsText: JSON.stringify({ value: canary }), bytes: [canary] },
    [Symbol("config")]: canary,
    toString: () => canary,
    toJSON: () => ({ canary }),
    [inspect.custom]: () => canary,
  });
}

/** Everything else that gets thrown in practice. */
export function otherFailures(canary: string): Record<string, unknown> {
  return {
    "a bare string": canary,
    "a bare object": { message: canary, [canary]: canary },
    "an aggregate": new AggregateError([sdkError(canary), canary], canary),
    "a function": Object.assign(() => canary, { canary }),
    "a symbol": Symbol(canary),
    "a response": new Response(canary, { status: 401, headers: { "x-token": "value" }, statusText: "no" }),
    nothing: undefined,
  };
}
