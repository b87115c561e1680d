import type { Endpoint } from "../endpoint.ts";

/** The endpoints as OpenAPI 3.1 describes them. What models take and answer is their providers' to describe. */
export function describeApi(endpoints: readonly Endpoint[]): object {
  const paths: Record<string, object> = {};
  for (const endpoint of endpoints)
    paths[endpoint.path] = { [endpoint.method.toLowerCase()]: describe(endpoint) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Keyward",
      version: "1",
      description:
        "An OpenAI-compatible proxy. Every path under /v1 is also served without /v1, and under /openai for " +
        "Azure's clients. Requests and answers pass through unchanged but for the model's name.",
    },
    security: [{ bearer: [] }, { "api-key": [] }, { "x-api-key": [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        "api-key": { type: "apiKey", in: "header", name: "api-key" },
        "x-api-key": { type: "apiKey", in: "header", name: "x-api-key" },
      },
      schemas: { OpenAiError: openAiError, AnthropicError: anthropicError },
    },
  };
}

function describe({ path, method, summary, open, operation }: Endpoint): object {
  const schema = operation === "/messages" ? "AnthropicError" : "OpenAiError";
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^a-z0-9]+(.)?/gi, (_, letter = "") => letter.toUpperCase())}`,
    summary,
    ...(open === true ? { security: [] } : {}),
    ...(path.includes("{model}") ? { parameters: [modelParameter] } : {}),
    ...(operation === undefined ? {} : { requestBody: requestBody(operation, path.includes("{model}")) }),
    responses: {
      200: { description: operation === undefined ? summary : "The upstream's answer, byte for byte" },
      default: {
        description: "What went wrong",
        content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
      },
    },
  };
}

const modelParameter = {
  name: "model",
  in: "path",
  required: true,
  description: "A model_name of the configuration",
  schema: { type: "string" },
};

function requestBody(operation: string, modelInPath: boolean): object {
  const form = /edits|transcriptions|translations/.test(operation);
  const schema = {
    type: "object",
    properties: {
      model: { type: "string", description: "A model_name of the configuration" },
      ...(form ? {} : { stream: { type: "boolean" } }),
    },
    ...(modelInPath ? {} : { required: ["model"] }),
    additionalProperties: true,
  };
  return { required: true, content: { [form ? "multipart/form-data" : "application/json"]: { schema } } };
}

const text = { type: "string" };
const textOrNull = { type: ["string", "null"] };

const openAiError = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["message", "type", "param", "code"],
      properties: { message: text, type: text, param: textOrNull, code: textOrNull },
    },
  },
};

const anthropicError = {
  type: "object",
  required: ["type", "error"],
  properties: {
    type: { const: "error" },
    error: { type: "object", required: ["type", "message"], properties: { type: text, message: text } },
  },
};
