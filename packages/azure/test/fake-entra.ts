import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type Answer, type Handler, type HttpsServer, sendAnswer, serveHttps } from "./https-server.ts";

/** Microsoft Entra's part of signing in: the tenant's OpenID configuration and its token endpoint. */
export class FakeEntra {
  readonly tenantId = "00000000-0000-0000-0000-0000000000cc";
  readonly clientId = "00000000-0000-0000-0000-0000000000aa";
  readonly clientSecret = `client-secret-${randomBytes(12).toString("hex")}`;
  /** Takes over every request to the token endpoint. */
  interceptToken: Handler | undefined;
  /** Takes over every request for the OpenID configuration. */
  interceptConfiguration: Handler | undefined;
  /** Whether the client secret has expired. */
  clientSecretExpired = false;
  /** Lifetime of the tokens, in seconds. */
  expiresIn = 3599;
  tokenRequests = 0;
  configurationRequests = 0;
  /** Every token handed out. */
  readonly tokens = new Set<string>();
  #server: HttpsServer | undefined;

  static async start(): Promise<FakeEntra> {
    const entra = new FakeEntra();
    entra.#server = await serveHttps((request, response) => entra.#handle(request, response));
    return entra;
  }

  get server(): HttpsServer {
    if (!this.#server) throw new Error("not started");
    return this.#server;
  }

  get url(): string {
    return this.server.url;
  }

  issue(): string {
    const token = ["{}", "{}", ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
    const unique = `${token}${randomBytes(24).toString("base64url")}`;
    this.tokens.add(unique);
    return unique;
  }

  accepts(token: string): boolean {
    return this.tokens.has(token);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const [, tenant = "", ...rest] = new URL(request.url ?? "/", this.url).pathname.split("/");
    const isToken = rest.join("/") === "oauth2/v2.0/token";
    if (isToken) this.tokenRequests += 1;
    else this.configurationRequests += 1;
    const intercept = isToken ? this.interceptToken : this.interceptConfiguration;
    if (intercept) intercept(request, response);
    else if (tenant !== this.tenantId) sendAnswer(response, refusal(400, "invalid_tenant", 90002));
    else if (isToken) void this.#answerToken(request, response);
    else sendAnswer(response, { status: 200, body: this.#configuration(tenant) });
  }

  async #answerToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      sendAnswer(response, this.#token(new URLSearchParams(await text(request))));
    } catch {
      // The client went away before its form was complete.
      response.destroy();
    }
  }

  #token(form: URLSearchParams): Answer {
    if (form.get("client_id") !== this.clientId) return refusal(400, "unauthorized_client", 700016);
    if (form.get("client_secret") !== this.clientSecret) return refusal(401, "invalid_client", 7000215);
    if (this.clientSecretExpired) return refusal(401, "invalid_client", 7000222);
    const lifetime = { expires_in: this.expiresIn, ext_expires_in: this.expiresIn };
    return { status: 200, body: { token_type: "Bearer", ...lifetime, access_token: this.issue() } };
  }

  #configuration(tenant: string) {
    const base = `${this.url}/${tenant}`;
    return {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      cloud_instance_name: "microsoftonline.com",
      tenant_region_scope: "EU",
    };
  }
}

/** An error as Entra words it, without the identifiers that it would name. */
export function refusal(status: number, error: string, code: keyof typeof sentences): Answer {
  const timestamp = new Date().toISOString().replace("T", " ").replace(/\.\d+/, "");
  const trace = "00000000-0000-0000-0000-0000000000ee";
  const body = {
    error,
    error_description: `AADSTS${code}: ${sentences[code]} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: trace,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
  return { status, body };
}

const sentences = {
  53003:
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  90033: "A transient error has occurred. Please try again.",
  90002:
    "Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  700016:
    "Application with identifier was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  7000215:
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app.",
  7000222:
    "The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
} as const;
