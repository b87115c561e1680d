import { isReference } from "@keyward/core";
import { type ApiKey, apiKeyFrom } from "../api-key.ts";
import { checkDeployment, type DeploymentOptions } from "../deployment.ts";
import type { ModelOptions } from "../engine.ts";
import { LlmError } from "../errors.ts";
import { parseModelName } from "../model-name.ts";
import type { ProviderTable } from "../provider-row.ts";
import type { LlmModel, LlmOptions } from "./llm.ts";

/** How providers' keys begin. Taken for the name of a secret, one would be shown by the error that it is not there. */
const keyItself = /^(sk-|gsk_|xai-|pplx-|fw_|AIza|eyJ)/;

/** Makes deployments of what the application says, with secrets for what it leaves out. */
export class ModelSource {
  readonly #secrets: LlmOptions["secrets"];
  readonly #table: ProviderTable;
  readonly #keys = new Map<string, ApiKey>();
  /** What was read so far of bases and versions, by reference. */
  readonly #known = new Map<string, string>();

  constructor(secrets: LlmOptions["secrets"], table: ProviderTable) {
    this.#secrets = secrets;
    this.#table = table;
  }

  /** The references that must be read before a deployment can be made. */
  needs(model: Omit<LlmModel, "name">): string[] {
    if (model.mockResponse !== undefined) return [];
    const { apiBase = this.#impliedBase(model.model), apiVersion } = model;
    return [apiBase, apiVersion].filter(
      (text) => text !== undefined && isReference(text) && !this.#known.has(text),
    ) as string[];
  }

  /** @throws LlmError `key_unavailable` */
  async read(references: readonly string[]): Promise<void> {
    for (const reference of references) {
      try {
        this.#known.set(reference, await this.#secrets.get(reference));
      } catch (error) {
        const name = reference.replace(/^os\.environ\//, "");
        const reason = error instanceof Error ? error.message : "the secret manager failed";
        const message = `${name}, which says where a model is, cannot be read: ${reason}`;
        throw new LlmError({ code: "key_unavailable", message, secret: name });
      }
    }
  }

  /** @throws LlmError `invalid_request` */
  configured(model: LlmModel): ModelOptions {
    const { apiKey: _, ...rest } = model;
    const options = { ...rest, ...this.deployment(model) };
    checkDeployment(options, this.#table);
    return options;
  }

  deployment(model: Omit<LlmModel, "name">): DeploymentOptions {
    const row = parseModelName(model.model, this.#table)?.row;
    const { apiKey, ...rest } = model;
    const { apiBase = this.#impliedBase(model.model), apiVersion } = rest;
    const ownBase = model.apiBase === undefined || row?.base === undefined;
    const key = apiKey ?? (ownBase ? row?.keyName : undefined);
    return {
      ...rest,
      apiBase: this.#value(apiBase),
      apiVersion: this.#value(apiVersion),
      apiKey: typeof key === "string" ? this.#key(key) : key,
    };
  }

  #impliedBase(model: string): string | undefined {
    const row = parseModelName(model, this.#table)?.row;
    return row?.base === undefined && row?.baseName !== undefined ? `os.environ/${row.baseName}` : undefined;
  }

  #value(text: string | undefined): string | undefined {
    return text !== undefined && isReference(text) ? this.#known.get(text) : text;
  }

  /** One for all deployments that share a key, so that one reading renews it for all. */
  #key(reference: string): ApiKey {
    if (keyItself.test(reference)) {
      const message = "apiKey is the key itself, as it seems: store it, and put the secret's name here";
      throw new LlmError({ code: "invalid_request", message, param: "apiKey" });
    }
    const key = this.#keys.get(reference) ?? apiKeyFrom(this.#secrets, reference);
    this.#keys.set(reference, key);
    return key;
  }
}
