/**
 * Additional authenticated data: what has to be the same at encryption and decryption without being part of either.
 *
 * - `"name"`: the name of the variable, in UTF-8, so that a ciphertext moved to another variable does not decrypt;
 * - bytes: the same for every variable;
 * - a function: bytes for each name.
 */
export type AdditionalAuthenticatedData = "name" | Uint8Array | ((name: string) => Uint8Array);

/** @throws TypeError for anything that is no {@link AdditionalAuthenticatedData}. */
export function checkAdditionalData(
  data: AdditionalAuthenticatedData | undefined,
): AdditionalAuthenticatedData | undefined {
  if (data === undefined || data === "name" || data instanceof Uint8Array || typeof data === "function") {
    return data;
  }
  throw new TypeError(
    'Google Cloud KMS: additionalAuthenticatedData is "name", a Uint8Array, or a function that returns one.',
  );
}

export function additionalDataFor(
  name: string,
  data: AdditionalAuthenticatedData | undefined,
): Uint8Array | undefined {
  if (data === undefined || data instanceof Uint8Array) return data;
  return data === "name" ? new TextEncoder().encode(name) : data(name);
}
