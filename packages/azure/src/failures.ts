import type { Failure, FailureKind } from "@keyward/core";

interface Row {
  readonly kind: FailureKind;
  /** What is wrong, then what to do. */
  readonly remedy: string;
}

/** Every failure this provider can tell apart. The README's table is checked against it, both ways. */
export const failures = {
  "secret-disabled": {
    kind: "invalid",
    remedy: "The secret is disabled. Enable it in the vault, or ask for a version that is enabled.",
  },
  "secret-expired": {
    kind: "invalid",
    remedy: "The secret's expiry date has passed. Set a new version, or move the expiry date.",
  },
  "secret-not-yet-valid": {
    kind: "invalid",
    remedy: "The secret's activation date is still to come. Move it, or pin the version to use until then.",
  },
  "secret-deleted": {
    kind: "invalid",
    remedy:
      "The secret was deleted and can be recovered. Recover it, or purge it so that it counts as absent.",
  },
  "role-missing": {
    kind: "denied",
    remedy:
      "The identity may not read secrets of this vault. Grant it the 'Key Vault Secrets User' role (or 'Get' in the access policy); a new grant takes minutes to work.",
  },
  firewall: {
    kind: "denied",
    remedy:
      "The vault's firewall refuses this address. Allow the address or its subnet in the vault's networking, or connect through its private endpoint.",
  },
  forbidden: {
    kind: "denied",
    remedy: "The vault refuses the request. Look at the vault's diagnostic log for the reason.",
  },
  "token-refused": {
    kind: "denied",
    remedy:
      "The vault does not accept the token. Check that the credential is meant for this vault's cloud (AZURE_AUTHORITY_HOST) and that the clock is right.",
  },
  "wrong-tenant": {
    kind: "denied",
    remedy:
      "The vault belongs to another tenant than the credential, or the tenant does not exist. Set AZURE_TENANT_ID to the vault's directory ID, as a GUID.",
  },
  "client-secret-refused": {
    kind: "denied",
    remedy:
      "Entra refuses the client secret: it is wrong or has expired. Make a new one and set AZURE_CLIENT_SECRET to its value, not to its ID.",
  },
  "client-unknown": {
    kind: "denied",
    remedy:
      "Entra knows no such application in this tenant. Check AZURE_CLIENT_ID (the application ID) and AZURE_TENANT_ID.",
  },
  "sign-in-refused": {
    kind: "denied",
    remedy: "Entra refuses to sign the identity in. Look at the application's sign-in log for the reason.",
  },
  "credential-failed": {
    kind: "unknown",
    remedy:
      "The credential failed in a way that is not known here. Ask it for a token by itself, with AZURE_LOG_LEVEL=verbose for the SDK's own.",
  },
  "no-credential": {
    kind: "denied",
    remedy:
      "No credential of the default chain could sign in. Set AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID, attach a managed identity, or run `az login`.",
  },
  "chain-misconfigured": {
    kind: "invalid",
    remedy:
      "AZURE_TOKEN_CREDENTIALS names no credential that the SDK knows. Set it to dev, to prod or to the name of one credential, or unset it.",
  },
  "sign-in-unreachable": {
    kind: "unavailable",
    remedy:
      "The sign-in endpoint does not answer. Check AZURE_AUTHORITY_HOST, name resolution, proxy, firewall and the certificates that Node trusts.",
  },
  "sign-in-unavailable": {
    kind: "unavailable",
    remedy: "The sign-in endpoint reports an error of its own. Try again later.",
  },
  "sign-in-throttled": {
    kind: "throttled",
    remedy: "Entra throttles this identity. Let processes share one provider, or sign in less often.",
  },
  "sign-in-not-entra": {
    kind: "invalid",
    remedy:
      "What answers at the sign-in address is not Entra. Check AZURE_AUTHORITY_HOST and whether a proxy or portal answers in its place.",
  },
  "vault-name-unresolved": {
    kind: "unavailable",
    remedy:
      "The vault's host name does not resolve. Check AZURE_KEY_VAULT_URI, that the vault exists, and the DNS zone of its private endpoint.",
  },
  "vault-certificate": {
    kind: "unavailable",
    remedy:
      "The certificate presented for the vault is not trusted. Add the proxy's or emulator's authority with NODE_EXTRA_CA_CERTS or the `ca` option.",
  },
  "vault-refused": {
    kind: "unavailable",
    remedy: "The vault's address refuses connections. Check AZURE_KEY_VAULT_URI, its port, and the proxy.",
  },
  "vault-unreachable": {
    kind: "unavailable",
    remedy:
      "The connection to the vault broke or could not be made. Check the network between here and the vault.",
  },
  "vault-unavailable": {
    kind: "unavailable",
    remedy: "The vault reports an error of its own. Try again later, and look at Azure's service health.",
  },
  "vault-throttled": {
    kind: "throttled",
    remedy:
      "The vault throttles. Cache for longer, or spread secrets over several vaults: the limit counts per vault.",
  },
  "challenge-mismatch": {
    kind: "invalid",
    remedy:
      "The vault's challenge names another domain than its address. If this is an emulator or a private-link name, set AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION=true.",
  },
  "not-key-vault": {
    kind: "invalid",
    remedy:
      "What answers at the vault's address is not Key Vault. Check AZURE_KEY_VAULT_URI and whether a proxy or portal answers in its place.",
  },
  "name-invalid": {
    kind: "invalid",
    remedy:
      'Key Vault cannot hold a secret of this name. Use 1 to 127 letters (a to z), digits and dashes; "_" is read as "-".',
  },
  "bad-request": {
    kind: "invalid",
    remedy: "The vault rejects the request as malformed. Check the name, and the version if one is pinned.",
  },
} as const satisfies Readonly<Record<string, Row>>;

export type Reason = keyof typeof failures;

export function failure(reason: Reason, retryAfterMs?: number): Failure {
  return { ...failures[reason], reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
