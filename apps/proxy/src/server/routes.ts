import { operations } from "@keyward/llm";
import { sendJson } from "./answers.ts";
import { booksEndpoints, regenerateNamed } from "./books-endpoints.ts";
import { describeApi } from "./documentation/open-api.ts";
import { sendPage } from "./documentation/page.ts";
import type { Endpoint } from "./endpoint.ts";
import { health, liveness, readiness } from "./health.ts";
import { sendMetrics } from "./metrics/endpoint.ts";
import { deploymentEndpoints, modelEndpoints } from "./model-endpoints.ts";
import { sendModel, sendModelInfo, sendModels } from "./model-list.ts";

/** Everything that is served. */
export const endpoints: readonly Endpoint[] = [
  ...modelEndpoints,
  ...deploymentEndpoints,
  {
    path: "/v1/models",
    aliases: ["/models", "/openai/v1/models", "/openai/models"],
    method: "GET",
    summary: "List the models that can be asked",
    guests: true,
    handle: (_, response, context) => sendModels(response, context),
  },
  {
    path: "/v1/models/{model}",
    method: "GET",
    summary: "Show one of the models",
    guests: true,
    handle: (_, response, context, model) => sendModel(response, context, model),
  },
  {
    path: "/model/info",
    aliases: ["/v1/model/info"],
    method: "GET",
    summary: "Show the configuration of the models, without keys",
    handle: (_, response, { snapshot }) => sendModelInfo(response, snapshot),
  },
  ...booksEndpoints,
  {
    path: "/health",
    method: "GET",
    summary: "Read every model's key, asking no model",
    handle: (_, response, { snapshot }) => health(response, snapshot),
  },
  {
    path: "/health/liveliness",
    aliases: ["/health/liveness"],
    method: "GET",
    summary: "Whether the process runs",
    open: true,
    handle: (_, response) => liveness(response),
  },
  {
    path: "/health/readiness",
    method: "GET",
    summary: "Whether requests should be sent here",
    open: true,
    handle: (_, response, { draining }) => readiness(response, draining),
  },
  {
    path: "/metrics",
    method: "GET",
    summary: "Figures for Prometheus",
    handle: (_, response, { metrics }) => sendMetrics(response, metrics),
  },
  {
    path: "/openapi.json",
    method: "GET",
    summary: "This description, for programs",
    page: true,
    handle: (_, response) => sendJson(response, 200, describeApi(endpoints)),
  },
  {
    path: "/docs",
    method: "GET",
    summary: "This description, for people",
    page: true,
    handle: (_, response) => sendPage(response, endpoints),
  },
];

/** An endpoint, and what the path has in the place of its `{model}`. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly parameter?: string;
}

const fixed: ReadonlyMap<string, Route> = new Map(
  endpoints
    .filter(({ path }) => !path.includes("{"))
    .flatMap((endpoint) =>
      [endpoint.path, ...(endpoint.aliases ?? [])].map((path) => [path, { endpoint }] as const),
    ),
);
const deployments = new Map(deploymentEndpoints.map((endpoint) => [endpoint.operation, endpoint]));
const oneModel = endpoints.find(({ path }) => path === "/v1/models/{model}");

/** Finds what is served at a path, without its query. */
export function findRoute(path: string): Route | undefined {
  return fixed.get(path) ?? findVarying(path);
}

/** Models may have a slash in their names, so that what comes before and behind them decides. */
function findVarying(path: string): Route | undefined {
  const deployment = /^\/openai\/deployments\/(.+)$/.exec(path)?.[1];
  if (deployment !== undefined) {
    const operation = operations.find((one) => deployment.endsWith(one));
    const endpoint = operation && deployments.get(operation);
    return operation && endpoint && withParameter(endpoint, deployment.slice(0, -operation.length));
  }
  const key = /^\/key\/([^/]+)\/regenerate$/.exec(path)?.[1];
  if (key !== undefined) return withParameter(regenerateNamed, key);
  const model = /^(?:\/openai)?(?:\/v1)?\/models\/(.+)$/.exec(path)?.[1];
  return model === undefined || oneModel === undefined ? undefined : withParameter(oneModel, model);
}

function withParameter(endpoint: Endpoint, encoded: string): Route | undefined {
  try {
    const parameter = decodeURIComponent(encoded);
    return parameter === "" ? undefined : { endpoint, parameter };
  } catch {
    // Not an encoding of anything, so that nothing is there.
    return undefined;
  }
}
