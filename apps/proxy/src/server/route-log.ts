import type { RouteEvent } from "@keyward/llm";
import type { Log } from "../log.ts";
import { quietly } from "../quiet-warnings.ts";

/** Tells the operator of deployments that fail while their callers need not notice. */
export function routeLog(log: Log, now?: () => number): (event: RouteEvent) => void {
  const warn = quietly(log, now);
  return (event) => warn(`${failure(event)}: ${remedy(event)}`);
}

function failure({ from: { provider, model, origin }, status }: RouteEvent): string {
  // When every deployment is left alone none of them has been asked.
  if (provider === "") return `Model "${model}" has no deployment to ask`;
  return `Model "${model}" at ${origin === "" ? provider : origin} failed with ${status}`;
}

function remedy(event: RouteEvent): string {
  if (event.type === "fell_back") return `"${event.to}" is asked instead`;
  if (event.type === "retried") return "the call is tried again";
  return `this deployment is left alone for ${Math.ceil(event.milliseconds / 1000)} s`;
}
