/** How calls find their way among deployments. The names in brackets are LiteLLM's, whose meanings these have. */
export interface RouterSettings {
  /** Further attempts within one model, before its fallbacks (`num_retries`). Default 2. */
  readonly numRetries?: number | undefined;
  /** The least wait before an attempt at the same deployment, in milliseconds (`retry_after`). Default 0. */
  readonly retryAfterMs?: number | undefined;
  /** Milliseconds to the first byte, and between two (`timeout`). Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** The same for calls that stream (`stream_timeout`). Default: `timeoutMs`. */
  readonly streamTimeoutMs?: number | undefined;
  /** Failures within a minute after which a deployment is left alone for a while (`allowed_fails`). Default 3. */
  readonly allowedFails?: number | undefined;
  /** For how long, in milliseconds, unless it says itself (`cooldown_time`). Default 5,000. */
  readonly cooldownMs?: number | undefined;
  /** Never leave one alone (`disable_cooldowns`). */
  readonly disableCooldowns?: boolean | undefined;
  /** Other models to ask, in order, when a model fails (`fallbacks`); `"*"` is for those not named. */
  readonly fallbacks?: Fallbacks | undefined;
  /** Instead of `fallbacks`, when the input is too long (`context_window_fallbacks`). */
  readonly contextWindowFallbacks?: Fallbacks | undefined;
  /** Instead of `fallbacks`, when the input is refused for what it says (`content_policy_fallbacks`). */
  readonly contentPolicyFallbacks?: Fallbacks | undefined;
  /** For every model that has no fallbacks of its own (`default_fallbacks`). */
  readonly defaultFallbacks?: readonly string[] | undefined;
  /** The most fallbacks asked for one call (`max_fallbacks`). Default 5. */
  readonly maxFallbacks?: number | undefined;
  /** Further names of models (`model_group_alias`). A hidden one works and is not listed. */
  readonly modelGroupAlias?:
    | Readonly<Record<string, string | { readonly model: string; readonly hidden?: boolean }>>
    | undefined;
}

export type Fallbacks = Readonly<Record<string, readonly string[]>>;

export const routerDefaults = {
  numRetries: 2,
  retryAfterMs: 0,
  timeoutMs: 600_000,
  allowedFails: 3,
  cooldownMs: 5_000,
  maxFallbacks: 5,
} as const satisfies RouterSettings;
