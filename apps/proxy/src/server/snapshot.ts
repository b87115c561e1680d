import type { ServerResponse } from "node:http";
import type { Secrets } from "@keyward/core";
import { createEngine, type Engine } from "@keyward/llm";
import type { LoadedConfig } from "../config/load-config.ts";
import { type Authentication, authentication } from "./authentication.ts";

/** Everything a request needs of the configuration, worked out once. Replaced as a whole; never changed. */
export interface Snapshot {
  readonly engine: Engine;
  readonly secrets: Secrets;
  readonly mayAsk: Authentication;
  readonly maxBodyBytes: number;
  /** The answer to GET /v1/models. */
  readonly models: object;
  /** The names of the secrets that hold keys, for the health check, with their models. */
  readonly keys: readonly { readonly model: string; readonly secret: string; read(): Promise<string> }[];
  /** Keeps all of it in use until this response is over. */
  hold(response: ServerResponse): void;
  /** Closes engine and secrets when the last response is over. To be called once, after the last `hold`. */
  retire(): Promise<void>;
}

export function createSnapshot(config: LoadedConfig): Snapshot {
  const { secrets, models, masterKey, maxBodyBytes } = config;
  const engine = createEngine({ models, redact: (text) => secrets.redact(text) });
  const created = Math.floor(Date.now() / 1000);
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
    maxBodyBytes,
    models: {
      object: "list",
      data: engine.models.map((id) => ({ id, object: "model", created, owned_by: "keyward" })),
    },
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
