import type { Pool } from "undici";
import { type ApiKey, readKey } from "./api-key.ts";
import { LlmError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { type EncodedModel, withModel } from "./request-head.ts";
import type { Call, Exchange, Receiver, Transport } from "./transport.ts";
import { UpstreamExchange } from "./upstream-exchange.ts";
import { failureBeforeAnswer, type UpstreamIdentity } from "./upstream-failure.ts";

/** All that a request to an upstream needs, worked out once for a configuration. */
export interface UpstreamPlan extends UpstreamIdentity {
  readonly pool: Pool;
  /** Path and query for each operation. */
  readonly paths: ReadonlyMap<Operation, string>;
  /** The model as the provider knows it. */
  readonly encodedModel: EncodedModel;
  /** Absent for an upstream that takes no key. */
  readonly key: ApiKey | undefined;
  readonly keyHeader: string;
  readonly keyPrefix: string;
  /** Milliseconds to the first byte, and between two. */
  readonly timeoutMs: number;
  readonly redact: (text: string) => string;
}

export class Upstream implements Transport {
  readonly #plan: UpstreamPlan;

  constructor(plan: UpstreamPlan) {
    this.#plan = plan;
  }

  send(call: Call, receiver: Receiver): Exchange {
    const exchange = new UpstreamExchange(this.#plan, this.#plan.redact, call.operation, receiver);
    void this.#dispatch(call, exchange);
    return exchange;
  }

  async #dispatch({ operation, head, headers }: Call, exchange: UpstreamExchange): Promise<void> {
    const plan = this.#plan;
    try {
      const key = plan.key && (await readKey(plan.key, plan.provider, plan.model));
      if (exchange.cancelled) return;
      if (key !== undefined) headers.push(plan.keyHeader, plan.keyPrefix + key);
      const { timeoutMs } = plan;
      const path = plan.paths.get(operation) ?? operation;
      const body = withModel(head, plan.encodedModel);
      const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
      plan.pool.dispatch({ method: "POST", path, headers, body, ...timeouts }, exchange);
    } catch (error) {
      const known = error instanceof LlmError ? error : failureBeforeAnswer(asError(error), plan);
      exchange.fail(known);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("something other than an error was thrown");
}
