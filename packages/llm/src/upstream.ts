import type { Pool } from "undici";
import { LlmError } from "./errors.ts";
import type { LiveKey } from "./live-key.ts";
import type { Operation } from "./operation.ts";
import { type EncodedModel, withModel } from "./request-head.ts";
import type { Call, DeploymentIdentity, Exchange, Receiver, Recovery, Transport } from "./transport.ts";
import { type ExchangeOwner, UpstreamExchange } from "./upstream-exchange.ts";
import { failureBeforeAnswer } from "./upstream-failure.ts";
import type { UpstreamRoute } from "./upstream-route.ts";

/** All that a request to an upstream needs, worked out once for a configuration. */
export interface UpstreamPlan {
  readonly identity: DeploymentIdentity;
  readonly pool: Pool;
  readonly routes: ReadonlyMap<Operation, UpstreamRoute>;
  /** The model as the provider knows it. */
  readonly encodedModel: EncodedModel;
  /** Absent for an upstream that takes no key. */
  readonly key: LiveKey | undefined;
  /** Milliseconds to the first byte, and between two. */
  readonly timeoutMs: number;
  /** The same for calls that stream. */
  readonly streamTimeoutMs: number;
  readonly redact: (text: string) => string;
}

export class Upstream implements Transport, ExchangeOwner {
  readonly identity: DeploymentIdentity;
  readonly redact: (text: string) => string;
  readonly #plan: UpstreamPlan;

  constructor(plan: UpstreamPlan) {
    this.#plan = plan;
    this.identity = plan.identity;
    this.redact = plan.redact;
  }

  send(call: Call, receiver: Receiver, recovery: Recovery): Exchange {
    const exchange = new UpstreamExchange(this, call, receiver, recovery);
    void this.#begin(exchange);
    return exchange;
  }

  async sendWithNewKey(exchange: UpstreamExchange): Promise<boolean> {
    const { sentKey } = exchange;
    if (sentKey === undefined) return false;
    const fresh = await this.#plan.key?.replacementFor(sentKey);
    if (fresh === undefined || exchange.cancelled) return false;
    this.#dispatch(exchange, fresh);
    return true;
  }

  async #begin(exchange: UpstreamExchange): Promise<void> {
    let key: string | undefined;
    try {
      key = await this.#plan.key?.read(this.identity);
    } catch (error) {
      exchange.fail(error instanceof LlmError ? error : failureBeforeAnswer(asError(error), this.identity));
      return;
    }
    if (!exchange.cancelled) this.#dispatch(exchange, key);
  }

  #dispatch(exchange: UpstreamExchange, key: string | undefined): void {
    const { routes, pool, encodedModel, timeoutMs, streamTimeoutMs } = this.#plan;
    const { operation, head, headers: picked } = exchange.call;
    const route = routes.get(operation);
    if (route === undefined) {
      exchange.fail(notOffered(operation, this.identity));
      return;
    }
    const headers = [...picked];
    for (const [name, value] of route.headers) if (!picked.includes(name)) headers.push(name, value);
    if (key !== undefined) headers.push(route.keyHeader, route.keyPrefix + key);
    exchange.sentKey = key;
    const timeout = head.stream ? streamTimeoutMs : timeoutMs;
    const timeouts = { headersTimeout: timeout, bodyTimeout: timeout };
    const body = withModel(head, encodedModel);
    try {
      pool.dispatch({ method: "POST", path: route.path, headers, body, ...timeouts }, exchange);
    } catch (error) {
      exchange.fail(failureBeforeAnswer(asError(error), this.identity));
    }
  }
}

function notOffered(operation: Operation, { provider, model, secret }: DeploymentIdentity): LlmError {
  const message = `Model "${model}" (${provider}) cannot be asked for ${operation}: its provider has no such endpoint`;
  return new LlmError({ code: "operation_not_supported", message, provider, model, secret });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("something other than an error was thrown");
}
