import type { CreateEmbeddingResponse, EmbeddingCreateParams } from "openai/resources/embeddings";
import { createEngine, type Engine } from "../engine.ts";
import { LlmError } from "../errors.ts";
import { pickRequestHeaders } from "../headers.ts";
import type { Operation } from "../operation.ts";
import { providerTable } from "../provider-table.ts";
import { readRequestHead } from "../request-head.ts";
import type { CallOptions, Llm, LlmOptions } from "./llm.ts";
import { createStream } from "./llm-stream.ts";
import { ModelSource } from "./model-source.ts";
import { Reply } from "./reply.ts";

/**
 * Model calls whose keys are read from a secret manager at every call.
 * @throws LlmError `invalid_request` for a model, an alias or a fallback that cannot work
 * @throws SecretError `invalid_reference` for a key that is named in no usable way
 */
export function createLlm(options: LlmOptions): Llm {
  const table = { ...providerTable, ...options.providers };
  return new SecretLlm(options, new ModelSource(options.secrets, table), table);
}

class SecretLlm implements Llm {
  readonly #options: LlmOptions;
  readonly #source: ModelSource;
  readonly #table: typeof providerTable;
  #engine: Engine | undefined;
  #closed = false;

  constructor(options: LlmOptions, source: ModelSource, table: typeof providerTable) {
    this.#options = options;
    this.#source = source;
    this.#table = table;
    // What does not wait for the store is checked here and now.
    if (this.#missing().length === 0) this.#open();
  }

  // `T` is inferred from the overload of `Llm` that is called.
  completion<T>(params: object, options?: CallOptions): Promise<T> {
    return this.#ask("/chat/completions", params, options);
  }

  embedding(params: EmbeddingCreateParams, options?: CallOptions): Promise<CreateEmbeddingResponse> {
    return this.#ask("/embeddings", params, options);
  }

  embeddings(params: EmbeddingCreateParams, options?: CallOptions): Promise<CreateEmbeddingResponse> {
    return this.#ask("/embeddings", params, options);
  }

  responses<T>(params: object, options?: CallOptions): Promise<T> {
    return this.#ask("/responses", params, options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#engine?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** `T` is what OpenAI's types say that these parameters are answered with; nothing of it is checked. */
  async #ask<T>(operation: Operation, params: object, { signal }: CallOptions = {}): Promise<T> {
    const head = readRequestHead(Buffer.from(JSON.stringify(params)));
    const engine = await this.#ready(head.model);
    const reply = new Reply();
    const headers = pickRequestHeaders({ "accept-encoding": "identity" });
    reply.attach(engine.send({ operation, head, headers }, reply), signal, head.model);
    await reply.started;
    if (reply.refused) throw reply.error("upstream_refused", await reply.text());
    if (head.stream) return createStream(reply, (text) => this.#options.secrets.redact(text)) as T;
    const text = await reply.text();
    try {
      return JSON.parse(text) as T;
    } catch {
      // What JSON.parse says quotes the text.
      throw reply.error("upstream_invalid", "its answer is not JSON");
    }
  }

  async #ready(model: string): Promise<Engine> {
    if (this.#closed) {
      const message = "This Llm is closed: close() has been called. Create a new one with createLlm().";
      throw new LlmError({ code: "closed", message });
    }
    const missing = this.#missing(model);
    if (missing.length > 0) await this.#source.read(missing);
    if (this.#engine !== undefined) return this.#engine;
    return this.#open();
  }

  #missing(model?: string): string[] {
    const { models } = this.#options;
    if (models === undefined) return model === undefined ? [] : this.#source.needs({ model });
    return models.flatMap((one) => this.#source.needs(one));
  }

  #open(): Engine {
    const { secrets, models, settings, onEvent, clock, random } = this.#options;
    this.#engine ??= createEngine({
      models: (models ?? []).map((model) => this.#source.configured(model)),
      modelFor: models === undefined ? (model) => this.#source.deployment({ model }) : undefined,
      redact: (text) => secrets.redact(text),
      table: this.#table,
      settings,
      onEvent,
      clock,
      random,
    });
    return this.#engine;
  }
}
