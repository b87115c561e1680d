const pattern =
  /^projects\/[A-Za-z0-9][A-Za-z0-9.:_-]*\/locations\/[a-z0-9-]+\/keyRings\/[A-Za-z0-9_-]{1,63}\/cryptoKeys\/[A-Za-z0-9_-]{1,63}$/;
const shape = "projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY";

/**
 * The resource name of a CryptoKey. The vendor's client sends whatever it is given, so the mistakes are found here.
 *
 * @param origin where the name was written, for the message: `keyName` or an environment variable.
 * @throws TypeError that names the origin and the remedy.
 */
export function checkKeyName(name: string | undefined, origin: string): string {
  if (name === undefined || name === "") {
    throw new TypeError(
      `Google Cloud KMS: no key is named. Set the option keyName or the environment variable GOOGLE_KMS_RESOURCE_NAME to ${shape}.`,
    );
  }
  if (name.includes("*")) {
    throw new TypeError(
      `Google Cloud KMS: ${origin} still has an asterisk, which stands for a name to fill in. Set it to ${shape}.`,
    );
  }
  if (/\/cryptoKeyVersions\//.test(name)) {
    throw new TypeError(
      `Google Cloud KMS: ${origin} names one version of a key. Leave out /cryptoKeyVersions/...: the ciphertext says which version it needs.`,
    );
  }
  if (!pattern.test(name)) {
    throw new TypeError(
      `Google Cloud KMS: ${origin} is not the resource name of a key. It has the form ${shape}, without blanks or a leading slash.`,
    );
  }
  return name;
}
