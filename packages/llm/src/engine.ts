import type { Clock } from "@keyward/core";
import type { ApiKey } from "./api-key.ts";
import { createDeployment, type DeploymentContext, type DeploymentOptions } from "./deployment.ts";
import { LlmError } from "./errors.ts";
import { LiveKey } from "./live-key.ts";
import { Pools } from "./pools.ts";
import type { ProviderTable } from "./provider-row.ts";
import { providerTable } from "./provider-table.ts";
import { Groups } from "./routing/groups.ts";
import type { RouteEvent } from "./routing/route-event.ts";
import { Router } from "./routing/router.ts";
import type { RouterSettings } from "./routing/settings.ts";
import type { WeightOptions } from "./routing/weights.ts";
import { systemClock } from "./system-clock.ts";
import type { Call, Exchange, Receiver } from "./transport.ts";

export interface ModelOptions extends DeploymentOptions, WeightOptions {
  /** The name under which callers ask for it. Several with one name are several deployments of one model. */
  readonly name: string;
  /** In place of the settings' (`num_retries`). */
  readonly numRetries?: number | undefined;
}

export interface EngineOptions {
  readonly models: readonly ModelOptions[];
  /** Masks keys in what upstreams say of an error: `secrets.redact`. */
  readonly redact: (text: string) => string;
  readonly settings?: RouterSettings | undefined;
  /** Default: {@link providerTable}. */
  readonly table?: ProviderTable | undefined;
  /** A deployment for a model that is asked for and not among the models. Default: there is none. */
  readonly modelFor?: ((name: string) => DeploymentOptions | undefined) | undefined;
  /** Called with what is done about faults. A hook that throws disturbs nobody. */
  readonly onEvent?: ((event: RouteEvent) => void) | undefined;
  /** Default: the system's clock and timers. */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 up to 1, for choices and jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
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

/** @throws LlmError `invalid_request` for a deployment, an alias or a fallback that cannot work */
export function createEngine(options: EngineOptions): Engine {
  const { models, redact, modelFor, onEvent, settings = {} } = options;
  const { table = providerTable, clock = systemClock, random = Math.random } = options;
  const pools = new Pools();
  const liveKeys = new WeakMap<ApiKey, LiveKey>();
  const liveKey = (key: ApiKey): LiveKey => {
    const known = liveKeys.get(key) ?? new LiveKey(key, clock);
    liveKeys.set(key, known);
    return known;
  };
  const context: Omit<DeploymentContext, "alias"> = { table, pools, redact, settings, liveKey };
  const groups = new Groups({
    models,
    settings,
    random,
    now: () => clock.now(),
    modelFor,
    create: (alias, deployment) => createDeployment(deployment, { ...context, alias }),
  });
  const groupOf = (name: string) => groups.get(name);
  const router = new Router({ settings, clock, random, onEvent, groupOf });
  return {
    models: groups.listed,
    send(call, receiver) {
      try {
        const group = groups.get(call.head.model);
        if (group === undefined) return refuse(unknownModel(call.head.model), receiver);
        return router.send(group, call, receiver);
      } catch (error) {
        // A model that was not configured turned out not to work.
        if (error instanceof LlmError) return refuse(error, receiver);
        throw error;
      }
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
