import { reader } from "./reader.ts";

export const additionalDataForm = "name, or base64: followed by the bytes";

/** `name`, or `base64:` and bytes: what a ciphertext of Google KMS is bound to. `undefined` for anything else. */
export function parseAdditionalData(text: string): "name" | Uint8Array | undefined {
  if (text === "name") return text;
  const encoded = /^base64:((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64");
}

export const additionalData = reader(additionalDataForm, (value) =>
  typeof value === "string" ? parseAdditionalData(value) : undefined,
);
