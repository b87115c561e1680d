import { count, limit, share } from "./amounts.ts";
import { amount, anything, cost, fields, flag, list, mapOf, oneOf, text } from "./reader.ts";
import { litellmSettings, routerSettings } from "./routing-sections.ts";

/** LiteLLM's file, as far as Keyward acts on it. Keys listed as inert are told of: nothing is ignored in silence. */
const litellmParams = fields(
  {
    model: text,
    api_key: text,
    api_base: text,
    api_version: text,
    mock_response: text,
    timeout: limit,
    stream_timeout: limit,
    num_retries: count,
    weight: share,
    rpm: share,
    tpm: share,
    input_cost_per_token: cost,
    output_cost_per_token: cost,
  },
  {
    required: ["model"],
    inert: [
      "order",
      "max_retries",
      "max_parallel_requests",
      "organization",
      "custom_llm_provider",
      "extra_headers",
      "drop_params",
      "temperature",
      "top_p",
      "max_tokens",
      "max_completion_tokens",
      "seed",
      "stop",
      "tags",
    ],
  },
);

const model = fields(
  { model_name: text, litellm_params: litellmParams, model_info: anything },
  { required: ["model_name", "litellm_params"] },
);

/** Keyward reads secrets and writes none. */
const keyManagementSettings = fields(
  { hosted_keys: list(text), access_mode: oneOf("read_only", "read_and_write") },
  {
    inert: [
      "store_virtual_keys",
      "prefix_for_stored_virtual_keys",
      "primary_secret_name",
      "description",
      "tags",
    ],
  },
);

const generalSettings = fields(
  {
    master_key: text,
    database_url: text,
    data_folder: text,
    max_request_size_mb: amount,
    global_max_parallel_requests: amount,
    use_azure_key_vault: flag,
    use_google_kms: flag,
    use_infisical: flag,
    key_management_system: oneOf("azure_key_vault", "google_kms", "infisical", "local"),
    key_management_settings: keyManagementSettings,
  },
  {
    inert: [
      "database_connection_pool_limit",
      "alerting",
      "alerting_threshold",
      "background_health_checks",
      "completion_model",
      "health_check_interval",
      "max_parallel_requests",
      "proxy_batch_write_at",
      "store_model_in_db",
    ],
  },
);

/** Seconds, as everywhere in this file. */
const cachePolicy = fields({ ttl: amount, absent_ttl: amount, max_stale: amount });

export const configuration = fields({
  model_list: list(model),
  general_settings: generalSettings,
  router_settings: routerSettings,
  litellm_settings: litellmSettings,
  environment_variables: mapOf(text),
  secrets: fields({
    providers: list(anything),
    cache: cachePolicy,
    poll_interval: amount,
    deadline: amount,
  }),
});

export type Configuration = NonNullable<ReturnType<typeof configuration>>;
export type ModelEntry = NonNullable<Configuration["model_list"]>[number];
