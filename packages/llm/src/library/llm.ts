import type { Secrets } from "@keyward/core";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from "openai/resources/chat/completions";
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from "openai/resources/embeddings";
import type {
  Response,
  ResponseCreateParams,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import type { ApiKey } from "../api-key.ts";
import type { EngineOptions, ModelOptions } from "../engine.ts";
import type { ProviderTable } from "../provider-row.ts";
import type { RouterSettings } from "../routing/settings.ts";
import type { LlmStream } from "./llm-stream.ts";

/** Model calls whose keys come from a secret manager. Every failure is an `LlmError`. */
export interface Llm extends AsyncDisposable {
  /** A chat. With `stream`, what it resolves to is iterated. */
  completion(params: ChatCompletionCreateParamsNonStreaming, options?: CallOptions): Promise<ChatCompletion>;
  completion(
    params: ChatCompletionCreateParamsStreaming,
    options?: CallOptions,
  ): Promise<LlmStream<ChatCompletionChunk>>;
  completion(
    params: ChatCompletionCreateParams,
    options?: CallOptions,
  ): Promise<ChatCompletion | LlmStream<ChatCompletionChunk>>;

  embedding(params: EmbeddingCreateParams, options?: CallOptions): Promise<CreateEmbeddingResponse>;
  /** The same as `embedding`. */
  embeddings(params: EmbeddingCreateParams, options?: CallOptions): Promise<CreateEmbeddingResponse>;

  /** OpenAI's Responses. With `stream`, what it resolves to is iterated. */
  responses(params: ResponseCreateParamsNonStreaming, options?: CallOptions): Promise<LlmResponse>;
  responses(
    params: ResponseCreateParamsStreaming,
    options?: CallOptions,
  ): Promise<LlmStream<ResponseStreamEvent>>;
  responses(
    params: ResponseCreateParams,
    options?: CallOptions,
  ): Promise<LlmResponse | LlmStream<ResponseStreamEvent>>;

  /** Lets calls under way end, takes no new ones, and closes the connections. The secrets stay open. */
  close(): Promise<void>;
}

/** A response as the wire has it: `output_text` is an addition of OpenAI's own client. */
export type LlmResponse = Omit<Response, "output_text">;

export interface CallOptions {
  /** Ends the call, also in the middle of a stream: it rejects with `aborted`, and the upstream stops its work. */
  readonly signal?: AbortSignal | undefined;
}

export interface LlmModel extends Omit<ModelOptions, "apiKey"> {
  /**
   * The name of the secret that holds the key, or a reference to it. Default: the provider's own, unless `apiBase` is
   * given: nobody said that the key for one host may go to another.
   */
  readonly apiKey?: string | ApiKey | undefined;
}

export interface LlmOptions extends Pick<EngineOptions, "onEvent" | "clock" | "random"> {
  readonly secrets: Pick<Secrets, "get" | "getter" | "invalidate" | "redact">;
  /**
   * What can be asked for, by name; `apiBase` and `apiVersion` may be references. Default: every model string whose
   * provider is known, as `gpt-4o` or `groq/llama-3.3-70b-versatile`.
   */
  readonly models?: readonly LlmModel[] | undefined;
  readonly settings?: RouterSettings | undefined;
  /** Rows for providers that this package does not know, or in place of its own. */
  readonly providers?: ProviderTable | undefined;
}
