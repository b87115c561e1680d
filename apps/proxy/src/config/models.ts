import { isReference, type Secrets } from "@keyward/core";
import { type ApiKey, apiKeyFrom, checkDeployment, isLlmError, type ModelOptions } from "@keyward/llm";
import type { ConfigNotes } from "./config-notes.ts";
import { apiKeyPath, literalReference } from "./literals.ts";
import { formatPath } from "./path.ts";
import { referenceName } from "./references.ts";
import type { ModelEntry } from "./sections.ts";

/** The key of LiteLLM's file for an option of a deployment. */
const keys: Readonly<Record<string, string>> = {
  model: "model",
  apiBase: "api_base",
  apiVersion: "api_version",
};

/**
 * Makes the deployments of a configuration.
 *
 * @param resolved the entries with every reference replaced
 * @param written the entries as they were written: keys are read anew at every call, so what counts of them is
 * where they come from, not what they were at the start
 */
export function readModels(
  resolved: readonly ModelEntry[],
  written: readonly ModelEntry[],
  secrets: Secrets,
  notes: ConfigNotes,
): ModelOptions[] {
  // Models that share a key share its reader too: then an upstream's refusal has it read anew once.
  const apiKeys = new Map<string, ApiKey>();
  return resolved.flatMap((entry, index) => {
    const { model_name: name = "", litellm_params: params = {} } = entry;
    const { model, api_key, api_base, api_version, mock_response } = params;
    // What is missing, or refers to what cannot be read, has been told already.
    if (model === undefined || [model, api_base].some((text) => text !== undefined && isReference(text)))
      return [];
    const key = written[index]?.litellm_params?.api_key;
    if (api_key === "") notes.error(apiKeyPath(index), '"api_key" is empty');
    const options: ModelOptions = {
      name,
      model,
      apiBase: api_base,
      apiVersion: api_version,
      mockResponse: mock_response,
      timeoutMs: milliseconds(params.timeout),
      streamTimeoutMs: milliseconds(params.stream_timeout),
      numRetries: params.num_retries,
      weight: params.weight,
      rpm: params.rpm,
      tpm: params.tpm,
      apiKey: key === undefined ? undefined : liveKey(key, apiKeyPath(index), secrets, apiKeys),
    };
    try {
      checkDeployment(options);
    } catch (error) {
      if (!isLlmError(error)) throw error;
      const option = keys[error.param ?? ""] ?? "model";
      notes.error(formatPath(["model_list", index, "litellm_params", option]), error.message);
    }
    return [options];
  });
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function liveKey(key: string, path: string, secrets: Secrets, known: Map<string, ApiKey>): ApiKey {
  const [reference, name] = isReference(key) ? [key, referenceName(key)] : [literalReference(path), path];
  const apiKey = known.get(reference) ?? apiKeyFrom(secrets, reference, name);
  known.set(reference, apiKey);
  return apiKey;
}
