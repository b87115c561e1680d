import type { Reason } from "./failures.ts";

/** How a server answered when it did not answer with what was asked for. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** The `message` of the body, empty where there is none. */
  readonly text: string;
  readonly operation: "login" | "read";
}

/** Not a failure: the store's own "no such secret". It becomes `undefined`, so the README does not list it. */
export const absent = "no-such-secret";

export class NoSuchSecret extends Error {
  constructor() {
    super("Infisical has no such secret.");
    this.name = "NoSuchSecret";
  }
}

const route = /^Route /;

/**
 * The text comes first, the status last: servers of different years give the same text with different statuses
 * (400 and 404, 401 and 403), and 500 for an expired token. Each begins at the text's start where it can, for names
 * chosen by a user stand further on.
 */
const texts: readonly (readonly [RegExp, Reason | typeof absent])[] = [
  [/^secret (with name .+ )?not found/i, absent],
  [/^folder\b.*not found/i, "path-not-found"],
  [/^environment\b.*not found/i, "path-not-found"],
  [/^(project|workspace)\b.*not found/i, "project-not-found"],
  [/not a (member|part) of|^this project does not belong/i, "not-a-member"],
  [/^you are not allowed to access this resource from the current ip/i, "address-not-allowed"],
  [/^failed to expand|, which is referenced by secret/i, "reference-not-allowed"],
  [/^you are not allowed to [\w-]+ on |^you do not have permission/i, "not-allowed"],
  [
    /^jwt expired|^your token has expired|ttl expir|max ttl|number of uses limit|usage limit/i,
    "token-expired",
  ],
  [/^jwt |^invalid signature|access token|^token missing/i, "token-rejected"],
  // What older servers say, with either status, of a token that was revoked.
  [/^you are not allowed to access this resource$/i, "token-rejected"],
];

export function reasonFor({ status, text, operation }: Refusal): Reason | typeof absent {
  if (status === 429) return "rate-limited";
  if (status >= 300 && status < 400) return "wrong-address";
  if (route.test(text)) return "wrong-address";
  const known = texts.find(([pattern]) => pattern.test(text))?.[1];
  // "Absent" is believed only of an answer that can mean it: a broken server may say anything.
  if (known === absent && status !== 400 && status !== 404) return reasonFor({ status, text: "", operation });
  if (operation === "login") {
    if (known === "address-not-allowed") return known;
    if (status >= 500 || status === 408) return "server-failing";
    return status === 404 && text === "" ? "wrong-address" : "credentials-rejected";
  }
  if (known !== undefined) return known;
  if (status >= 500 || status === 408) return "server-failing";
  if (status === 401) return "token-rejected";
  if (status === 403) return "not-allowed";
  return status === 404 ? "wrong-address" : "request-refused";
}

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** What it means that `fetch` rejected. The code is in `cause`; its message names only "fetch failed". */
export function reasonForNetwork(error: unknown): Reason {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return certificate.test(code) ? "certificate-rejected" : "unreachable";
}
