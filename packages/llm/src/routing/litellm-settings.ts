import type { Fallbacks, RouterSettings } from "./settings.ts";

/** The part of LiteLLM's `router_settings` that is acted on. Times are in seconds. */
export interface LitellmRouterSettings extends LitellmSettings {
  readonly retry_after?: number | undefined;
  readonly timeout?: number | undefined;
  readonly stream_timeout?: number | undefined;
  readonly disable_cooldowns?: boolean | undefined;
  readonly max_fallbacks?: number | undefined;
  readonly model_group_alias?: RouterSettings["modelGroupAlias"];
}

/** The part of `litellm_settings` that says the same, and yields where both do. */
export interface LitellmSettings {
  readonly num_retries?: number | undefined;
  readonly request_timeout?: number | undefined;
  readonly allowed_fails?: number | undefined;
  readonly cooldown_time?: number | undefined;
  readonly fallbacks?: LitellmFallbacks | undefined;
  readonly context_window_fallbacks?: LitellmFallbacks | undefined;
  readonly content_policy_fallbacks?: LitellmFallbacks | undefined;
  readonly default_fallbacks?: readonly string[] | undefined;
}

/** `[{ "gpt-4o": ["claude", "gemini"] }]` */
export type LitellmFallbacks = readonly Fallbacks[];

/** What a LiteLLM configuration says of routing, in this package's words. */
export function routerSettingsFrom(
  router: LitellmRouterSettings = {},
  general: LitellmSettings = {},
): RouterSettings {
  return {
    numRetries: router.num_retries ?? general.num_retries,
    retryAfterMs: milliseconds(router.retry_after),
    timeoutMs: milliseconds(router.timeout ?? router.request_timeout ?? general.request_timeout),
    streamTimeoutMs: milliseconds(router.stream_timeout),
    allowedFails: router.allowed_fails ?? general.allowed_fails,
    cooldownMs: milliseconds(router.cooldown_time ?? general.cooldown_time),
    disableCooldowns: router.disable_cooldowns,
    maxFallbacks: router.max_fallbacks,
    modelGroupAlias: router.model_group_alias,
    fallbacks: merge(router.fallbacks ?? general.fallbacks),
    contextWindowFallbacks: merge(router.context_window_fallbacks ?? general.context_window_fallbacks),
    contentPolicyFallbacks: merge(router.content_policy_fallbacks ?? general.content_policy_fallbacks),
    defaultFallbacks: router.default_fallbacks ?? general.default_fallbacks,
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Of two entries for one model the first counts. */
function merge(entries: LitellmFallbacks | undefined): Fallbacks | undefined {
  return entries === undefined ? undefined : Object.assign({}, ...entries.toReversed());
}
