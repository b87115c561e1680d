import { createDeployment, type DeploymentOptions } from "./deployment.ts";
import { LlmError } from "./errors.ts";
import { Pools } from "./pools.ts";
import type { ProviderTable } from "./provider-row.ts";
import { providerTable } from "./provider-table.ts";
import type { Call, Exchange, Receiver, Transport } from "./transport.ts";

export interface ModelOptions extends DeploymentOptions {
  /** The name under which callers ask for it. Several with one name are several deployments of one model. */
  readonly name: string;
}

export interface EngineOptions {
  readonly models: readonly ModelOptions[];
  /** Masks keys in what upstreams say of an error: `secrets.redact`. */
  readonly redact: (text: string) => string;
  /** Default: {@link providerTable}. */
  readonly table?: ProviderTable;
}

/** Model calls, byte for byte. Holds sockets until it is closed. */
export interface Engine {
  /** The names that callers can ask for, in the order of the configuration. */
  readonly models: readonly string[];
  /** Asks a deployment of the model that the call names. What is wrong with it is told to the receiver. */
  send(call: Call, receiver: Receiver): Exchange;
  /** Lets calls under way end, takes no new ones, and closes the connections. */
  close(): Promise<void>;
  /** Ends calls under way. */
  destroy(): Promise<void>;
}

/** @throws LlmError `invalid_request` for a deployment that cannot work */
export function createEngine(options: EngineOptions): Engine {
  const { models, redact, table = providerTable } = options;
  const pools = new Pools();
  const deployments = new Map<string, Transport[]>();
  for (const { name, ...deployment } of models) {
    const transport = createDeployment(deployment, {
      alias: name,
      table,
      pools,
      redact,
    });
    const same = deployments.get(name);
    if (same === undefined) deployments.set(name, [transport]);
    else same.push(transport);
  }
  let turn = 0;
  return {
    models: [...deployments.keys()],
    send(call, receiver) {
      const choice = deployments.get(call.head.model);
      const transport = choice?.[turn++ % choice.length];
      if (transport === undefined) return refuse(unknownModel(call.head.model), receiver);
      return transport.send(call, receiver);
    },
    close: () => pools.close(),
    destroy: () => pools.destroy(),
  };
}

function unknownModel(model: string): LlmError {
  const message = `The model "${model.slice(0, 200)}" is not configured: GET /v1/models lists those that are`;
  return new LlmError({
    code: "model_not_found",
    message,
    param: "model",
    model,
  });
}

function refuse(error: LlmError, receiver: Receiver): Exchange {
  let cancelled = false;
  queueMicrotask(() => {
    if (!cancelled) receiver.fail(error);
  });
  return {
    resume() {},
    cancel() {
      cancelled = true;
    },
  };
}
