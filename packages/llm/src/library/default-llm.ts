import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { ResponseCreateParams } from "openai/resources/responses/responses";
import { LlmError } from "../errors.ts";
import { createLlm } from "./create-llm.ts";
import type { CallOptions, Llm, LlmOptions } from "./llm.ts";

let defaultLlm: Llm | undefined;

/**
 * Hands the secrets over that `completion`, `embedding` and `responses` take their keys from; `undefined` takes them
 * back. Connections of the calls before are closed when those have ended.
 */
export function setDefaultSecrets(
  secrets: LlmOptions["secrets"] | undefined,
  options: Omit<LlmOptions, "secrets"> = {},
): void {
  const next = secrets === undefined ? undefined : createLlm({ ...options, secrets });
  void defaultLlm?.close();
  defaultLlm = next;
}

/** As {@link Llm.completion}, with the key of a model's provider from the default secrets. */
export const completion: Llm["completion"] = async <T>(
  params: ChatCompletionCreateParams,
  options?: CallOptions,
): Promise<T> => (await current("completion").completion(params, options)) as T;

/** As {@link Llm.embedding}, with the key of a model's provider from the default secrets. */
export const embedding: Llm["embedding"] = async (params, options) =>
  current("embedding").embedding(params, options);

/** As {@link Llm.responses}, with the key of a model's provider from the default secrets. */
export const responses: Llm["responses"] = async <T>(
  params: ResponseCreateParams,
  options?: CallOptions,
): Promise<T> => (await current("responses").responses(params, options)) as T;

function current(caller: string): Llm {
  if (defaultLlm !== undefined) return defaultLlm;
  const message = `${caller}() has no secrets to take a key from: call setDefaultSecrets(createSecrets({ ... })) first`;
  throw new LlmError({ code: "key_unavailable", message });
}
