import type { ServerResponse } from "node:http";
import type { Secrets } from "@keyward/core";
import { createEngine, type Engine, type RouteEvent } from "@keyward/llm";
import type { LoadedConfig } from "../config/load-config.ts";
import type { ModelEntry } from "../config/sections.ts";
import { type Authentication, authentication, comparison } from "./authentication.ts";
import { type ListedModel, listModels } from "./model-list.ts";

/** Everything a request needs of the configuration, worked out once. Replaced as a whole; never changed. */
export interface Snapshot {
  readonly engine: Engine;
  readonly secrets: Secrets;
  readonly mayAsk: Authentication;
  readonly hasMasterKey: boolean;
  readonly isMasterKey: (key: string) => boolean;
  readonly maxBodyBytes: number;
  /** How many calls of models may be under way at once. */
  readonly maxParallelCalls: number;
  readonly models: readonly ListedModel[];
  /** Every name that a model can be asked for by, those that are not listed included. */
  readonly names: ReadonlySet<string>;
  /** The models as the configuration writes them. */
  readonly entries: readonly ModelEntry[];
  /** The names of the secrets that hold keys, for the health check, with their models. */
  readonly keys: readonly { readonly model: string; readonly secret: string; read(): Promise<string> }[];
  /** Keeps all of it in use until this response is over. */
  hold(response: ServerResponse): void;
  /** Closes engine and secrets when the last response is over. To be called once, after the last `hold`. */
  retire(): Promise<void>;
}

export function createSnapshot(config: LoadedConfig, onRouteEvent: (event: RouteEvent) => void): Snapshot {
  const { secrets, models, routing, masterKey, maxBodyBytes } = config;
  const engine = createEngine({
    models,
    redact: (text) => secrets.redact(text),
    settings: routing,
    onEvent: onRouteEvent,
  });
  let held = 0;
  let onFree: (() => void) | undefined;
  // One function for all responses, so that holding makes none.
  const release = (): void => {
    held -= 1;
    if (held === 0) onFree?.();
  };
  return {
    engine,
    secrets,
    mayAsk: authentication(masterKey),
    hasMasterKey: masterKey !== undefined,
    isMasterKey: masterKey === undefined ? () => false : comparison(masterKey),
    maxBodyBytes,
    maxParallelCalls: config.maxParallelCalls ?? Number.POSITIVE_INFINITY,
    models: listModels(engine.models),
    names: new Set([...engine.models, ...Object.keys(routing.modelGroupAlias ?? {})]),
    entries: config.entries,
    keys: models.flatMap(({ name, apiKey }) =>
      apiKey === undefined ? [] : [{ model: name, secret: apiKey.name, read: () => apiKey.read() }],
    ),
    hold(response) {
      held += 1;
      response.on("close", release);
    },
    async retire() {
      if (held > 0) {
        await new Promise<void>((resolve) => {
          onFree = resolve;
        });
      }
      await engine.destroy();
      await secrets.close();
    },
  };
}
