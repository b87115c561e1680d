import type { ApiKey } from "./api-key.ts";
import { LlmError } from "./errors.ts";
import type { LiveKey } from "./live-key.ts";
import { Mock } from "./mock.ts";
import { type ModelName, parseModelName } from "./model-name.ts";
import type { Pools } from "./pools.ts";
import type { ProviderTable } from "./provider-row.ts";
import { providerTable } from "./provider-table.ts";
import { encodeModel } from "./request-head.ts";
import { type RouterSettings, routerDefaults } from "./routing/settings.ts";
import type { Transport } from "./transport.ts";
import { Upstream } from "./upstream.ts";
import { routesOf } from "./upstream-route.ts";

/** One place where a model can be had. */
export interface DeploymentOptions {
  /** A model string as LiteLLM writes it: `gpt-4o`, `openai/gpt-4o`, `azure/my-deployment`. */
  readonly model: string;
  /** Absent for an upstream that takes no key. */
  readonly apiKey?: ApiKey | undefined;
  /** Default: the provider's own. */
  readonly apiBase?: string | undefined;
  /** For Azure. Default: the provider table's. */
  readonly apiVersion?: string | undefined;
  /** Answer with this text, and ask nobody. */
  readonly mockResponse?: string | undefined;
  /** Milliseconds to the first byte, and between two. Default: the settings', else 600,000. */
  readonly timeoutMs?: number | undefined;
  /** The same for calls that stream. Default: the settings', else `timeoutMs`. */
  readonly streamTimeoutMs?: number | undefined;
}

export interface DeploymentContext {
  /** The name under which callers ask for it. */
  readonly alias: string;
  readonly table: ProviderTable;
  readonly pools: Pools;
  readonly redact: (text: string) => string;
  readonly settings: Pick<RouterSettings, "timeoutMs" | "streamTimeoutMs">;
  /** One for all deployments that share a key, so that one reading serves them all. */
  readonly liveKey: (key: ApiKey) => LiveKey;
}

/** Works out everything about a deployment that does not change from call to call. @throws as `checkDeployment` */
export function createDeployment(options: DeploymentOptions, context: DeploymentContext): Transport {
  const { alias, table, pools, redact, settings, liveKey } = context;
  if (options.mockResponse !== undefined) return new Mock(alias, options.model, options.mockResponse);
  const { provider, row, model, base } = locate(options, table);
  const timeoutMs = options.timeoutMs ?? settings.timeoutMs ?? routerDefaults.timeoutMs;
  return new Upstream({
    identity: {
      provider,
      model: alias,
      deployment: options.model,
      origin: base.origin,
      secret: options.apiKey?.name,
    },
    pool: pools.for(base.origin),
    routes: routesOf(row, { base, model, version: options.apiVersion ?? row.version }),
    encodedModel: encodeModel(model),
    key: options.apiKey && liveKey(options.apiKey),
    timeoutMs,
    streamTimeoutMs: options.streamTimeoutMs ?? options.timeoutMs ?? settings.streamTimeoutMs ?? timeoutMs,
    redact,
  });
}

/**
 * Tells a deployment that cannot work from one that might, without asking anybody.
 * @throws LlmError `invalid_request`; its `param` is the option that is wrong, its message says what to put there
 */
export function checkDeployment(options: DeploymentOptions, table: ProviderTable = providerTable): void {
  if (options.mockResponse === undefined) locate(options, table);
}

function locate(options: DeploymentOptions, table: ProviderTable): ModelName & { readonly base: URL } {
  const name = parseModelName(options.model, table);
  if (name === undefined) {
    const known = Object.keys(table).join(", ");
    throw invalid(
      "model",
      `"${options.model}" names no provider that is known: begin it with one of ${known}, as in openai/gpt-4o`,
    );
  }
  return { ...name, base: parseBase(options.apiBase ?? name.row.base, name) };
}

function parseBase(text: string | undefined, { provider, row }: ModelName): URL {
  if (text === undefined) {
    const example = row.baseExample === undefined ? "" : `, as ${row.baseExample}`;
    throw invalid("apiBase", `${provider} needs an api_base: the URL of your endpoint${example}`);
  }
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalid("apiBase", "api_base is not a URL: write it as https://host/v1");
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw invalid("apiBase", "api_base takes scheme, host and path alone: no query, fragment or credentials");
  }
  return url;
}

function invalid(param: keyof DeploymentOptions, message: string): LlmError {
  return new LlmError({ code: "invalid_request", message, param });
}
