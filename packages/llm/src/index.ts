export { type ApiKey, apiKeyFrom } from "./api-key.ts";
export { checkDeployment, type DeploymentOptions } from "./deployment.ts";
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type ModelOptions,
} from "./engine.ts";
export {
  type AnthropicError,
  callErrors,
  isLlmError,
  LlmError,
  type LlmErrorCode,
  type LlmErrorOptions,
  llmErrors,
  type OpenAiError,
} from "./errors.ts";
export { type FlatHeaders, pickRequestHeaders } from "./headers.ts";
export { createLlm } from "./library/create-llm.ts";
export { completion, embedding, responses, setDefaultSecrets } from "./library/default-llm.ts";
export type { CallOptions, Llm, LlmModel, LlmOptions, LlmResponse } from "./library/llm.ts";
export type { LlmStream } from "./library/llm-stream.ts";
export { type ModelName, parseModelName } from "./model-name.ts";
export { type Operation, operations } from "./operation.ts";
export type { ProviderRoute, ProviderRow, ProviderTable } from "./provider-row.ts";
export { providerTable } from "./provider-table.ts";
export { type RequestHead, type RequestHeadOptions, readRequestHead } from "./request-head.ts";
export {
  type LitellmFallbacks,
  type LitellmRouterSettings,
  type LitellmSettings,
  routerSettingsFrom,
} from "./routing/litellm-settings.ts";
export type { RouteEvent } from "./routing/route-event.ts";
export type { Fallbacks, RouterSettings } from "./routing/settings.ts";
export type { WeightOptions } from "./routing/weights.ts";
export { type AskedForUsage, askForUsage } from "./stream-usage.ts";
export type { Call, DeploymentIdentity, Exchange, Receiver } from "./transport.ts";
