import { LlmError } from "./errors.ts";

/** Where the key of a deployment comes from. Asked at every call, so that a rotated key is used by the next one. */
export interface ApiKey {
  /** The secret's name, for errors and logs: `OPENAI_API_KEY`. */
  readonly name: string;
  /** @throws whatever the secret manager throws; its message reaches the caller. */
  read(): Promise<string>;
}

// What RFC 9110 lets a header hold without being misread, less the space.
const sendable = /^[\x21-\x7e]+$/;

/**
 * Reads a key and makes sure that a header can hold it.
 * @throws LlmError `key_unavailable`, `key_invalid`
 */
export async function readKey(key: ApiKey, provider: string, model: string): Promise<string> {
  const context = { provider, model, secret: key.name };
  let value: string;
  try {
    value = await key.read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : "the secret manager failed";
    const message = `The key of model "${model}" (${provider}, secret ${key.name}) cannot be read: ${reason}`;
    throw new LlmError({ code: "key_unavailable", message, ...context });
  }
  if (!sendable.test(value)) {
    const fault =
      value === "" ? "is empty" : "holds a line break, a space or another character no header can hold";
    const message = `The key of model "${model}" (${provider}, secret ${key.name}) ${fault}: store it again`;
    throw new LlmError({ code: "key_invalid", message, ...context });
  }
  return value;
}
