const longest = 127;

/**
 * The name under which a secret is asked for: `azure_api_key` is `AZURE-API-KEY`. Key Vault ignores case, so it is
 * folded, unless `keepCase` says that this store tells names apart by it.
 *
 * @throws InvalidNameError for a name that Key Vault cannot hold.
 */
export function secretName(key: string, keepCase = false): string {
  const name = key.replaceAll("_", "-");
  const allowed = 'Key Vault names are 1 to 127 letters (a to z), digits and dashes; "_" is read as "-"';
  if (name === "") throw new InvalidNameError(`The name is empty. ${allowed}.`);
  const bad = /[^0-9A-Za-z-]/u.exec(name);
  if (bad) {
    throw new InvalidNameError(
      `Character ${bad.index + 1} of the name is ${JSON.stringify(bad[0])}. ${allowed}. Rename the secret.`,
    );
  }
  if (name.length > longest) {
    throw new InvalidNameError(`The name has ${name.length} characters. ${allowed}. Shorten it.`);
  }
  return keepCase ? name : name.toUpperCase();
}

export class InvalidNameError extends Error {
  override readonly name = "InvalidNameError";
}
