/** What `typeof` says of an option, or `"any"` where more than one type will do and the option is checked elsewhere. */
type OptionType = "any" | "boolean" | "number" | "object" | "string";

/** Of the options that reading and encrypting share. */
export const kmsOptionTypes = {
  client: "object",
  keyName: "string",
  transport: "string",
  endpoint: "string",
  additionalAuthenticatedData: "any",
  environment: "object",
} as const;

/**
 * For options from JavaScript or from a configuration file. A misspelt `additionalAuthenticatedData` must not pass for
 * none.
 *
 * @throws TypeError naming an option that does not exist or has another type.
 */
export function checkOptionTypes(options: object, types: Readonly<Record<string, OptionType>>): void {
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      const names = Object.keys(types).join(", ");
      throw new TypeError(`Google Cloud KMS: there is no option ${name}. The options are ${names}.`);
    }
    if (value !== undefined && type !== "any" && typeof value !== type) {
      throw new TypeError(`Google Cloud KMS: ${name} has to be of type ${type}, not ${typeof value}.`);
    }
  }
}
