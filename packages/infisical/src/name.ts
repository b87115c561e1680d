import { InfisicalFailure } from "./failures.ts";

/** The name, if it can be one. @throws an Error that says why not. */
export function secretName(key: string): string {
  if (key === "") throw new Error("The name of a secret is empty: give the one that Infisical shows.");
  if (key.includes("/")) {
    throw new Error(
      "A name cannot hold a slash, for a provider reads one folder. " +
        "For a sub-folder make a second provider, with that folder as its secretPath.",
    );
  }
  if (key.trim() !== key) {
    throw new Error("A name cannot begin or end with white space: Infisical would read another secret.");
  }
  return key;
}

/** @throws InfisicalFailure `version-malformed`. */
export function versionNumber(version: string): number {
  const number = /^[1-9]\d*$/.test(version) ? Number(version) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new InfisicalFailure("version-malformed");
  return number;
}
