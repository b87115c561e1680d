import { count, delay, limit } from "./amounts.ts";
import type { Plain } from "./config-document.ts";
import { amount, fields, flag, list, mapOf, type Reader, text } from "./reader.ts";

/** For each of some models, those to ask instead: `[{ gpt-4o: [claude, gemini] }]`. */
const fallbacks = list(mapOf(list(text)));

/** What both sections can say. */
const shared = {
  num_retries: count,
  request_timeout: limit,
  allowed_fails: count,
  cooldown_time: delay,
  fallbacks,
  context_window_fallbacks: fallbacks,
  content_policy_fallbacks: fallbacks,
  default_fallbacks: list(text),
};

const strategy: Reader<Plain> = (value, path, notes) => {
  if (value !== "simple-shuffle") {
    notes.warn(path, '"routing_strategy" has no effect in this version of Keyward: it is "simple-shuffle"');
  }
  return value;
};

const hideableAlias = fields({ model: text, hidden: flag }, { required: ["model"] });
const alias: Reader<string | { readonly model?: string; readonly hidden?: boolean }> = (
  value,
  path,
  notes,
) => (typeof value === "object" ? hideableAlias(value, path, notes) : text(value, path, notes));

export const routerSettings = fields(
  {
    ...shared,
    timeout: limit,
    stream_timeout: limit,
    retry_after: delay,
    disable_cooldowns: flag,
    max_fallbacks: count,
    model_group_alias: mapOf(alias),
    routing_strategy: strategy,
    redis_url: text,
    redis_host: text,
    redis_port: amount,
    redis_password: text,
  },
  {
    inert: [
      "routing_strategy_args",
      "allowed_fails_policy",
      "retry_policy",
      "model_group_retry_policy",
      "enable_pre_call_checks",
      "optional_pre_call_checks",
      "enable_tag_filtering",
      "enable_weighted_failover",
      "cache_responses",
      "cache_kwargs",
      "caching_groups",
      "client_ttl",
      "alerting_config",
      "assistants_config",
      "default_litellm_params",
      "default_max_parallel_requests",
      "default_priority",
      "polling_interval",
      "provider_budget_config",
      "router_general_settings",
      "ignore_invalid_deployments",
      "set_verbose",
      "debug_level",
    ],
  },
);

export const litellmSettings = fields(shared, {
  inert: [
    "drop_params",
    "modify_params",
    "set_verbose",
    "json_logs",
    "callbacks",
    "success_callback",
    "failure_callback",
    "service_callback",
    "callback_settings",
    "turn_off_message_logging",
    "redact_user_api_key_info",
    "cache",
    "cache_params",
    "max_budget",
    "budget_duration",
    "max_parallel_requests",
    "key_generation_settings",
    "default_internal_user_params",
    "default_team_settings",
    "upperbound_key_generate_params",
    "enable_json_schema_validation",
    "enable_preview_features",
    "forward_traceparent_to_llm_provider",
    "force_ipv4",
    "ssl_verify",
    "telemetry",
  ],
});
