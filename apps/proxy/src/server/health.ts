import type { ServerResponse } from "node:http";
import { isSecretError } from "@keyward/core";
import { sendJson } from "./answers.ts";
import type { Snapshot } from "./snapshot.ts";

/** Whether the process runs. */
export function liveness(response: ServerResponse): void {
  sendJson(response, 200, "I'm alive!");
}

/** Whether requests should be sent here. */
export function readiness(response: ServerResponse, draining: boolean): void {
  sendJson(response, draining ? 503 : 200, { status: draining ? "draining" : "healthy" });
}

/** Reads every model's key from its store, or the cache, and asks no model: a health check costs no tokens. */
export async function health(response: ServerResponse, { keys, engine, secrets }: Snapshot): Promise<void> {
  const checks = await Promise.all(
    keys.map(async ({ model, secret, read }) => {
      try {
        await read();
        return undefined;
      } catch (error) {
        return { model, secret, error: isSecretError(error) ? error.code : "unknown" };
      }
    }),
  );
  const unhealthy = checks.filter((check) => check !== undefined);
  const failing = new Set(unhealthy.map(({ model }) => model));
  const healthy = engine.models.filter((model) => !failing.has(model)).map((model) => ({ model }));
  sendJson(response, 200, {
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
    secrets: secrets.health(),
  });
}
