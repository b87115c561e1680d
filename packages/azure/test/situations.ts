import { refusal } from "./fake-entra.ts";
import { sendAnswer } from "./https-server.ts";
import { keyVaultAnswers } from "./key-vault-answers.ts";
import {
  answered,
  bare,
  before,
  chained,
  configured,
  entra,
  html,
  inVault,
  type Situation,
} from "./situation.ts";

const minute = 60_000;

/** Everything that can go wrong between a read and its value, as the services or what stands before them do it. */
export const situations: readonly Situation[] = [
  inVault("a disabled secret", "secret-disabled", { enabled: false }),
  inVault("an expired secret", "secret-expired", { expires: new Date(Date.now() - minute) }),
  inVault("a secret not yet valid", "secret-not-yet-valid", { notBefore: new Date(Date.now() + minute) }),
  {
    what: "a deleted secret",
    reason: "secret-deleted",
    arrange({ vault }) {
      vault.secrets.delete("A");
      return undefined;
    },
  },
  answered("a vault that enforces expiry", "secret-expired", keyVaultAnswers.secretExpired),
  answered("no role", "role-missing", keyVaultAnswers.forbiddenByRbac),
  answered("no access policy", "role-missing", keyVaultAnswers.forbiddenByPolicy),
  answered("a firewall", "firewall", keyVaultAnswers.forbiddenByFirewall),
  answered("a private endpoint", "firewall", keyVaultAnswers.forbiddenByConnection),
  answered("any other refusal", "forbidden", keyVaultAnswers.forbidden),
  answered("a token for something else", "token-refused", keyVaultAnswers.invalidAudience),
  answered("a token of another tenant", "wrong-tenant", keyVaultAnswers.invalidIssuer),
  configured("the wrong tenant", "wrong-tenant", { tenantId: "00000000-0000-0000-0000-0000000000dd" }),
  entra("a tenant that does not exist", "wrong-tenant", "configuration", (_, response) =>
    sendAnswer(response, refusal(400, "invalid_tenant", 90002)),
  ),
  configured("the wrong client secret", "client-secret-refused", { clientSecret: "wrong" }),
  {
    what: "an expired client secret",
    reason: "client-secret-refused",
    arrange({ entra }) {
      entra.clientSecretExpired = true;
      return undefined;
    },
  },
  configured("an unknown application", "client-unknown", {
    clientId: "00000000-0000-0000-0000-0000000000ff",
  }),
  entra("a policy of the tenant", "sign-in-refused", "token", (_, response) =>
    sendAnswer(response, refusal(400, "access_denied", 53003)),
  ),
  configured("a credential of the application's own that fails", "credential-failed", {
    credential: { getToken: () => Promise.reject(new Error("no")) },
  }),
  chained("no credential at all", "no-credential", "EnvironmentCredential"),
  chained("a chain that does not exist", "chain-misconfigured", "nonsense"),
  {
    what: "a sign-in endpoint that is down",
    reason: "sign-in-unreachable",
    async arrange({ entra }) {
      await entra.server.close();
      return undefined;
    },
  },
  entra("a broken connection to the token endpoint", "sign-in-unreachable", "token", (request) =>
    request.socket.destroy(),
  ),
  {
    what: "a token endpoint that hangs",
    reason: "sign-in-unreachable",
    arrange({ entra }) {
      entra.interceptToken = () => {};
      return { signInTimeoutMs: 100 };
    },
  },
  entra("a sign-in endpoint with an error of its own", "sign-in-unavailable", "configuration", bare(500)),
  entra("a token endpoint with an error of its own", "sign-in-unavailable", "token", (_, response) =>
    sendAnswer(response, refusal(503, "temporarily_unavailable", 90033)),
  ),
  {
    ...entra("a throttling tenant", "sign-in-throttled", "token", bare(429, { "retry-after": "3600" })),
    retryAfterMs: 3_600_000,
  },
  entra("an authority host that is something else", "sign-in-not-entra", "configuration", html(404)),
  entra("a portal before the tenant", "sign-in-not-entra", "configuration", html(200)),
  entra("a portal before the token endpoint", "sign-in-not-entra", "token", html(200)),
  // A label this long is refused by the resolver before anything is sent.
  configured("a host name that does not resolve", "vault-name-unresolved", {
    vaultUrl: `https://${"a".repeat(64)}.vault.test`,
  }),
  configured("a certificate that nobody vouches for", "vault-certificate", { ca: undefined }),
  {
    what: "a vault that refuses connections",
    reason: "vault-refused",
    async arrange({ vault }) {
      await vault.server.close();
      return undefined;
    },
  },
  before("a broken connection", "vault-unreachable", (request) => request.socket.destroy()),
  before("a connection cut in mid-answer", "vault-unreachable", (_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"value":"', () => response.destroy());
  }),
  answered("an error of the vault's own", "vault-unavailable", keyVaultAnswers.internalError),
  before("a gateway's 502 without a body", "vault-unavailable", bare(502)),
  before("a gateway's 503 in HTML", "vault-unavailable", html(503)),
  {
    ...answered("throttling", "vault-throttled", keyVaultAnswers.throttled(3600)),
    retryAfterMs: 3_600_000,
  },
  answered("throttling without a wait", "vault-throttled", keyVaultAnswers.throttled()),
  {
    ...before("a gateway's 429 without a body", "vault-throttled", bare(429, { "retry-after": "7" })),
    retryAfterMs: 7_000,
  },
  configured("a challenge for another domain", "challenge-mismatch", { disableChallengeVerification: false }),
  before("a 200 in HTML", "not-key-vault", html(200)),
  before("a 307 without a body", "not-key-vault", bare(307)),
  before("a redirect to a sign-in page", "not-key-vault", bare(302, { location: "/sign-in" })),
  before("a proxy's 403 in HTML", "not-key-vault", html(403)),
  before("a proxy's 404 in HTML", "not-key-vault", html(404)),
  answered("a 404 about something else", "not-key-vault", {
    status: 404,
    body: { error: { code: "VaultNotFound", message: "No such vault." } },
  }),
  answered("JSON of another kind", "not-key-vault", { status: 200, body: {} }),
  answered("a value that is no text", "not-key-vault", {
    status: 200,
    body: { value: 5, id: "https://my.vault.azure.net/secrets/A/0" },
  }),
  {
    what: "an answer that breaks off inside the value",
    reason: "not-key-vault",
    arrange({ vault, value }) {
      vault.intercept = (request, response) => {
        if (!request.headers.authorization) return vault.answerAsUsual(request, response);
        response.writeHead(200, { "content-type": "application/json" }).end(`{"value":"${value}`);
      };
      return undefined;
    },
  },
  { what: "a name that Key Vault cannot hold", reason: "name-invalid", key: "a.b", arrange: () => undefined },
  answered("a malformed request", "bad-request", keyVaultAnswers.badParameter),
];
