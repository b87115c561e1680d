import type { Operation } from "./operation.ts";

/**
 * One provider of models, as one row of a table: data only, so that a new provider needs no new code.
 * See {@link providerTable} for the rows that come with this package.
 */
export interface ProviderRow extends ProviderRoute {
  /** The base when the deployment names none. Without it `api_base` is required. */
  readonly base?: string;
  /** The secret that holds the base when the deployment names none. */
  readonly baseName?: string;
  /** How such a base looks, for whoever has to write one. */
  readonly baseExample?: string;
  /** The `api_version` when the deployment names none. */
  readonly version?: string;
  /** The secret that holds the key when the deployment names none, as LiteLLM calls it. Absent: no key is sent. */
  readonly keyName?: string;
  /** What the provider puts before the names of its models, for a name that has no slash: `google/`. */
  readonly modelPrefix?: string;
  /** How names of its models begin that are known without the provider before them: `claude-`. */
  readonly bareModels?: readonly string[];
  /** What it can be asked. Default: every operation. */
  readonly operations?: readonly Operation[];
  /** What is different for one operation. */
  readonly routes?: Readonly<Partial<Record<Operation, Partial<ProviderRoute>>>>;
}

export interface ProviderRoute {
  /**
   * Where requests go. `{base}` is `api_base` without a trailing slash, `{operation}` the path of the operation
   * (`/chat/completions`), `{model}` the model without its provider prefix and `{version}` the `api_version`, both
   * URL-encoded. What stands right after `{base}` may be part of an `api_base` already, and is then not repeated.
   */
  readonly url: string;
  /** The header that carries the key, in lower case. */
  readonly keyHeader: string;
  /** What stands before the key in that header: `"Bearer "`. */
  readonly keyPrefix: string;
  /** Sent with every request, names in lower case. The caller's own go before them, where they may cross. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type ProviderTable = Readonly<Record<string, ProviderRow>>;
