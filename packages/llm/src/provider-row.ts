/**
 * One provider of models, as one row of a table: data only, so that a new provider needs no new code.
 * See {@link providerTable} for the rows that come with this package.
 */
export interface ProviderRow {
  /**
   * Where requests go. `{base}` is `api_base` without a trailing slash, `{operation}` the path of the operation
   * (`/chat/completions`), `{model}` the model without its provider prefix and `{version}` the `api_version`, both
   * URL-encoded.
   */
  readonly url: string;
  /** The base when the deployment names none. Without it `api_base` is required. */
  readonly base?: string;
  /** The secret that holds the base when the deployment names none. */
  readonly baseName?: string;
  /** The `api_version` when the deployment names none. */
  readonly version?: string;
  /** The secret that holds the key when the deployment names none, as LiteLLM calls it. */
  readonly keyName: string;
  /** The header that carries the key, in lower case. */
  readonly keyHeader: string;
  /** What stands before the key in that header: `"Bearer "`. */
  readonly keyPrefix: string;
}

export type ProviderTable = Readonly<Record<string, ProviderRow>>;
