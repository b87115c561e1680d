import { type Operation, operations } from "./operation.ts";
import type { ProviderRow } from "./provider-row.ts";

/** How one operation of one deployment is asked for, worked out once. */
export interface UpstreamRoute {
  /** With its query. */
  readonly path: string;
  readonly keyHeader: string;
  readonly keyPrefix: string;
  /** Names, in lower case, and values. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface RouteFacts {
  readonly base: URL;
  readonly model: string;
  readonly version: string | undefined;
}

/** The routes of the operations that the provider has. */
export function routesOf(row: ProviderRow, facts: RouteFacts): Map<Operation, UpstreamRoute> {
  const offered = row.operations ?? operations;
  return new Map(
    offered.map((operation) => {
      const { url, keyHeader, keyPrefix, headers = {} } = { ...row, ...row.routes?.[operation] };
      const path = fill(url, operation, facts);
      return [operation, { path, keyHeader, keyPrefix, headers: Object.entries(headers) }];
    }),
  );
}

function fill(url: string, operation: Operation, { base, model, version }: RouteFacts): string {
  let start = base.pathname.replace(/\/+$/, "");
  // An api_base is often copied with what comes after it: https://api.anthropic.com/v1.
  const next = /^\{base\}([^{?]+)/.exec(url)?.[1]?.replace(/\/$/, "") ?? "";
  if (next !== "" && start.endsWith(next)) start = start.slice(0, -next.length);
  return url
    .replace("{base}", () => start)
    .replace("{model}", () => encodeURIComponent(model))
    .replace("{version}", () => encodeURIComponent(version ?? ""))
    .replace("{operation}", operation);
}
