import type { Answer } from "./https-server.ts";

const caller =
  "Caller: appid=00000000-0000-0000-0000-0000000000aa;oid=00000000-0000-0000-0000-0000000000bb;iss=https://sts.windows.net/00000000-0000-0000-0000-0000000000cc/\r\nVault: my;location=westeurope";

function error(status: number, code: string, message: string, innerCode?: string): Answer {
  return {
    status,
    body: { error: { code, message, ...(innerCode ? { innererror: { code: innerCode } } : {}) } },
  };
}

/**
 * Error bodies as Key Vault words them, from its documentation of REST error codes and from reports of its users.
 * Identifiers are made up.
 */
export const keyVaultAnswers = {
  secretNotFound: (name: string) =>
    error(
      404,
      "SecretNotFound",
      `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
    ),
  deletedSecretNotFound: (name: string) => error(404, "SecretNotFound", `Deleted Secret not found: ${name}`),
  secretDisabled: error(
    403,
    "Forbidden",
    "Operation get is not allowed on a disabled secret.",
    "SecretDisabled",
  ),
  secretExpired: error(
    403,
    "Forbidden",
    "Operation get is not allowed on a expired secret.",
    "SecretExpired",
  ),
  forbiddenByRbac: error(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\n${caller}\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nAssignment: (not found)\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\n`,
    "ForbiddenByRbac",
  ),
  forbiddenByPolicy: error(
    403,
    "Forbidden",
    `The user, group or application 'appid=00000000-0000-0000-0000-0000000000aa' does not have secrets get permission on key vault 'my;location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    "AccessDenied",
  ),
  forbiddenByFirewall: error(
    403,
    "Forbidden",
    `Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.7\r\n${caller}`,
    "ForbiddenByFirewall",
  ),
  forbiddenByConnection: error(
    403,
    "Forbidden",
    `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n${caller}`,
    "ForbiddenByConnection",
  ),
  forbidden: error(403, "Forbidden", "Operation is not allowed.", "SubscriptionDisabled"),
  noToken: error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."),
  invalidAudience: error(
    401,
    "Unauthorized",
    "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com.",
  ),
  invalidIssuer: error(
    401,
    "Unauthorized",
    "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/00000000-0000-0000-0000-0000000000cc/, found https://sts.windows.net/00000000-0000-0000-0000-0000000000dd/.",
  ),
  badParameter: error(400, "BadParameter", "The request URI contains an invalid name: a.b"),
  apiVersionMissing: error(400, "BadParameter", "api-version must be specified"),
  internalError: error(500, "InternalServerError", "An internal error has occurred."),
  throttled: (retryAfterSeconds?: number): Answer => ({
    ...error(
      429,
      "Throttled",
      "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
    ),
    headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  }),
} as const;
