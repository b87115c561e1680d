import type { Failure, FailureKind } from "@keyward/core";

/**
 * Everything that can go wrong, as the README lists it. What a user sees comes from here alone: the SDK's messages
 * hold the query with the project and the secret's name, and a server's text is a stranger's.
 */
export const failures = {
  "credentials-rejected": [
    "denied",
    "Infisical does not accept the client ID and secret.",
    "Check INFISICAL_CLIENT_ID and INFISICAL_CLIENT_SECRET, that the client secret is neither expired nor revoked, and that the identity is not locked out.",
  ],
  "token-expired": [
    "denied",
    "The access token has expired or is used up.",
    "Give a client ID and secret (INFISICAL_CLIENT_ID, INFISICAL_CLIENT_SECRET) so that it is renewed, or issue a new INFISICAL_TOKEN.",
  ],
  "token-rejected": [
    "denied",
    "Infisical does not accept the access token.",
    "It was revoked, or belongs to another Infisical: check INFISICAL_TOKEN and INFISICAL_SITE_URL.",
  ],
  "address-not-allowed": [
    "denied",
    "Infisical does not accept requests from this IP address.",
    "Add it to the trusted IPs of the identity's universal auth.",
  ],
  "not-allowed": [
    "denied",
    "The identity may not read these secrets.",
    "Give it a role in the project that reads secrets and their values in this environment and folder.",
  ],
  "not-a-member": [
    "denied",
    "The identity does not belong to the project.",
    "Add it under the project's Access Control, or correct INFISICAL_PROJECT_ID.",
  ],
  "reference-not-allowed": [
    "denied",
    "A secret in this folder refers to one that the identity may not read.",
    "Let its role read the folders that are referred to.",
  ],
  "value-hidden": [
    "denied",
    "The identity sees that a secret exists, but not its value.",
    "Give its role the permission to read values.",
  ],
  "project-not-found": [
    "invalid",
    "There is no such project.",
    "Correct INFISICAL_PROJECT_ID: it is the ID in the project's settings, not its name.",
  ],
  "path-not-found": [
    "invalid",
    "The project has no such environment or folder.",
    "Correct INFISICAL_ENVIRONMENT (the slug, as `prod`) or INFISICAL_SECRET_PATH.",
  ],
  "wrong-address": [
    "invalid",
    "What answers at this address is not Infisical's API.",
    "Set INFISICAL_SITE_URL to the final address of the instance, without /api and without redirects.",
  ],
  "unreadable-answer": [
    "invalid",
    "The answer has status 200 but is not Infisical's.",
    "Look for a login page or a proxy in front of INFISICAL_SITE_URL.",
  ],
  "request-refused": [
    "invalid",
    "Infisical refuses the request as malformed.",
    "Check the project ID, the environment, the folder and the secret's name.",
  ],
  "version-malformed": [
    "invalid",
    "A version in Infisical is a positive whole number.",
    "Give the number that the secret's history shows.",
  ],
  "version-of-import": [
    "invalid",
    "The secret comes from an import, and versions of imported secrets cannot be read.",
    "Read the version from the folder that the import names.",
  ],
  "reference-in-version": [
    "invalid",
    "The version holds a reference to another secret, which would be filled with today's value.",
    "Pin the secret referred to, or read this one without a version.",
  ],
  "rate-limited": [
    "throttled",
    "Infisical answers that there are too many requests.",
    "Poll less often, or raise the instance's rate limit.",
  ],
  "server-failing": [
    "unavailable",
    "Infisical, or a gateway in front of it, answers with an error of its own.",
    "Look at its status page or logs.",
  ],
  unreachable: [
    "unavailable",
    "Infisical cannot be reached.",
    "Check INFISICAL_SITE_URL, DNS and the network between.",
  ],
  "certificate-rejected": [
    "unavailable",
    "The server's TLS certificate is not trusted.",
    "Have the authority that issued it in NODE_EXTRA_CA_CERTS, and check that the certificate is current.",
  ],
  "calls-unanswered": [
    "unavailable",
    "Too many calls of the client that was handed in have been given up and have not ended yet.",
    "Wait, or hand in an InfisicalSDK itself, or credentials: calls made with them can be cancelled.",
  ],
} as const satisfies Record<string, readonly [FailureKind, what: string, remedy: string]>;

export type Reason = keyof typeof failures;

export function failureFor(reason: Reason, retryAfterMs?: number): Failure {
  const [kind, what, remedy] = failures[reason];
  return {
    kind,
    reason,
    remedy: `${what} ${remedy}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** A failure already understood. It holds nothing of the request or the answer. */
export class InfisicalFailure extends Error {
  readonly reason: Reason;
  /** Milliseconds that the server asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: Reason, retryAfterMs?: number) {
    super(`Infisical: ${reason}`);
    this.name = "InfisicalFailure";
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
