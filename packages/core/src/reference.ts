import { SecretError } from "./errors.ts";
import { parsePointer } from "./json-pointer.ts";

/** A reference taken apart: what selects one value. */
export interface Reference {
  /** The provider's id; absent when the chain decides. */
  readonly provider?: string;
  readonly name: string;
  readonly version?: string;
  /** The steps of an RFC 6901 JSON pointer into the value; absent for the whole value. */
  readonly pointer?: readonly string[];
}

const environmentPrefix = "os.environ/";
const secretPrefix = "secret://";

/** Whether a whole string is meant as a reference, well-formed or not. */
export function isReference(text: string): boolean {
  return text.startsWith(environmentPrefix) || text.startsWith(secretPrefix);
}

/** Whether a reference stands somewhere inside a longer string, where nothing would replace it. */
export function embedsReference(text: string): boolean {
  return !isReference(text) && (text.includes(environmentPrefix) || text.includes(secretPrefix));
}

/**
 * Takes apart `os.environ/NAME`, `secret://<provider>/<name>?version=<v>#<json-pointer>`, or a bare name.
 * @throws SecretError `invalid_reference`.
 */
export function parseReference(text: string): Reference {
  if (typeof text !== "string") throw noText(text);
  if (text.startsWith(secretPrefix)) return parseSecretUri(text);
  const name = text.startsWith(environmentPrefix) ? text.slice(environmentPrefix.length) : text;
  if (name === "") throw malformed(text, "it names no secret");
  return { name };
}

// Not `new URL()`: it would lower-case the provider and take `..` in a name for a path step.
function parseSecretUri(text: string): Reference {
  const [beforeFragment, fragment] = cut(text.slice(secretPrefix.length), "#");
  const [path, query] = cut(beforeFragment, "?");
  const [provider, encodedName] = cut(path, "/");
  if (provider === "") throw malformed(text, "it names no provider");
  if (encodedName === undefined || encodedName === "") throw malformed(text, "it names no secret");
  const version = parseVersion(text, query);
  const pointer =
    fragment === undefined || fragment === "" ? undefined : parsePointer(decode(text, fragment));
  if (fragment && pointer === undefined)
    throw malformed(text, "the part after # is no JSON pointer: it begins with /");
  return {
    provider: decode(text, provider),
    name: decode(text, encodedName),
    ...(version === undefined ? {} : { version }),
    ...(pointer === undefined ? {} : { pointer }),
  };
}

function parseVersion(text: string, query: string | undefined): string | undefined {
  if (query === undefined || query === "") return undefined;
  const versions: string[] = [];
  for (const parameter of query.split("&")) {
    const [name, value = ""] = cut(parameter, "=");
    if (name !== "version") throw malformed(text, `it has a parameter "${name}"; the only one is "version"`);
    versions.push(decode(text, value));
  }
  const version = versions[0];
  if (versions.length !== 1 || version === undefined || version === "") {
    throw malformed(text, "it needs exactly one version after ?version=");
  }
  return version;
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(reference: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed(reference, "it has a % that begins no percent-encoding; write %25 for the sign itself");
  }
}

/** Of what was given only the type is shown: it may be anything, a secret included. */
function noText(given: unknown): SecretError {
  return new SecretError({
    code: "invalid_reference",
    message: `A reference is a string, and this is ${given === null ? "null" : `of type ${typeof given}`}: check where the name comes from.`,
  });
}

function malformed(reference: string, what: string): SecretError {
  return new SecretError({
    code: "invalid_reference",
    key: reference,
    message: `"${reference}" is not a reference: ${what}. Write os.environ/NAME or secret://<provider>/<name>?version=<version>#<json-pointer>.`,
  });
}
