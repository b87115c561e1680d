import type { ProviderRoute, ProviderTable } from "./provider-row.ts";

const bearer = { keyHeader: "authorization", keyPrefix: "Bearer " } as const;
/** OpenAI's paths right under the base, and a bearer: what most providers offer. */
const openAi = { url: "{base}{operation}", ...bearer } as const satisfies ProviderRoute;
const anthropicHeaders = { "anthropic-version": "2023-06-01" } as const;

/** The providers by the prefix of their model strings: `azure/my-deployment`. */
export const providerTable: ProviderTable = {
  openai: { ...openAi, base: "https://api.openai.com/v1", keyName: "OPENAI_API_KEY" },
  azure: {
    url: "{base}/openai/deployments/{model}{operation}?api-version={version}",
    baseName: "AZURE_API_BASE",
    baseExample: "https://<resource>.openai.azure.com",
    version: "2024-10-21",
    keyName: "AZURE_API_KEY",
    keyHeader: "api-key",
    keyPrefix: "",
    operations: [
      "/chat/completions",
      "/completions",
      "/embeddings",
      "/responses",
      "/images/generations",
      "/images/edits",
      "/audio/speech",
      "/audio/transcriptions",
      "/audio/translations",
    ],
    // Of these Azure has only the form without deployments, which knows no versions.
    routes: { "/responses": { url: "{base}/openai/v1{operation}" } },
  },
  anthropic: {
    url: "{base}/v1{operation}",
    ...bearer,
    base: "https://api.anthropic.com",
    keyName: "ANTHROPIC_API_KEY",
    bareModels: ["claude-"],
    operations: ["/chat/completions", "/messages"],
    routes: { "/messages": { keyHeader: "x-api-key", keyPrefix: "", headers: anthropicHeaders } },
  },
  gemini: {
    ...openAi,
    base: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyName: "GEMINI_API_KEY",
  },
  vertex_ai: {
    ...openAi,
    baseName: "VERTEXAI_API_BASE",
    baseExample:
      "https://<location>-aiplatform.googleapis.com/v1/projects/<project>/locations/<location>/endpoints/openapi",
    // An OAuth access token, which lives for an hour: whatever renews it in the store is followed.
    keyName: "VERTEXAI_ACCESS_TOKEN",
    modelPrefix: "google/",
  },
  mistral: { ...openAi, base: "https://api.mistral.ai/v1", keyName: "MISTRAL_API_KEY" },
  groq: { ...openAi, base: "https://api.groq.com/openai/v1", keyName: "GROQ_API_KEY" },
  deepseek: {
    ...openAi,
    base: "https://api.deepseek.com",
    keyName: "DEEPSEEK_API_KEY",
    routes: {
      "/messages": {
        url: "{base}/anthropic/v1{operation}",
        keyHeader: "x-api-key",
        keyPrefix: "",
        headers: anthropicHeaders,
      },
    },
  },
  together_ai: { ...openAi, base: "https://api.together.ai/v1", keyName: "TOGETHERAI_API_KEY" },
  fireworks_ai: {
    ...openAi,
    base: "https://api.fireworks.ai/inference/v1",
    keyName: "FIREWORKS_API_KEY",
    modelPrefix: "accounts/fireworks/models/",
  },
  openrouter: { ...openAi, base: "https://openrouter.ai/api/v1", keyName: "OPENROUTER_API_KEY" },
  perplexity: {
    ...openAi,
    base: "https://api.perplexity.ai",
    keyName: "PERPLEXITYAI_API_KEY",
    routes: { "/responses": { url: "{base}/v1{operation}" } },
  },
  xai: { ...openAi, base: "https://api.x.ai/v1", keyName: "XAI_API_KEY" },
  cohere: { ...openAi, base: "https://api.cohere.ai/compatibility/v1", keyName: "COHERE_API_KEY" },
  bedrock: {
    ...openAi,
    baseName: "AWS_BEDROCK_BASE_URL",
    baseExample: "https://bedrock-runtime.<region>.amazonaws.com/openai/v1",
    keyName: "AWS_BEARER_TOKEN_BEDROCK",
  },
  ollama: { url: "{base}/v1{operation}", ...bearer, base: "http://localhost:11434" },
  hosted_vllm: { ...openAi, baseName: "HOSTED_VLLM_API_BASE", baseExample: "http://<host>:8000/v1" },
};
