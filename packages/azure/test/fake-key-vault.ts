import type { IncomingMessage, ServerResponse } from "node:http";
import type { FakeEntra } from "./fake-entra.ts";
import { type Answer, type Handler, type HttpsServer, sendAnswer, serveHttps } from "./https-server.ts";
import { keyVaultAnswers } from "./key-vault-answers.ts";
import { StoredSecrets, type StoredVersion } from "./stored-secrets.ts";

/** A vault over HTTPS: challenges without a token, checks the bearer, answers as the service does. */
export class FakeKeyVault {
  readonly secrets = new StoredSecrets();
  /** Takes over every request, before any check. */
  intercept: Handler | undefined;
  /** The answer to every request that carries a valid token. */
  answer: Answer | undefined;
  /** Whether this identity may look at deleted secrets. */
  mayReadDeleted = true;
  /** What the challenge says this vault is. */
  resource = "https://vault.azure.net";
  /** Every request as `GET /secrets/NAME/` with ` (bearer)` where it carried a token. */
  readonly log: string[] = [];
  readonly #entra: FakeEntra;
  #server: HttpsServer | undefined;

  private constructor(entra: FakeEntra) {
    this.#entra = entra;
  }

  static async start(entra: FakeEntra): Promise<FakeKeyVault> {
    const vault = new FakeKeyVault(entra);
    vault.#server = await serveHttps((request, response) => vault.#handle(request, response));
    return vault;
  }

  get server(): HttpsServer {
    if (!this.#server) throw new Error("not started");
    return this.#server;
  }

  get url(): string {
    return this.server.url;
  }

  /** Requests for a secret's value that carried a token. */
  reads(): number {
    return this.log.filter((line) => line.startsWith("GET /secrets/") && line.endsWith("(bearer)")).length;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? "/", this.url);
    this.log.push(`${request.method} ${pathname}${bearerOf(request) ? " (bearer)" : ""}`);
    if (this.intercept) this.intercept(request, response);
    else this.answerAsUsual(request, response);
  }

  /** For an `intercept` that concerns only some requests. */
  answerAsUsual(request: IncomingMessage, response: ServerResponse): void {
    sendAnswer(response, this.#answerTo(new URL(request.url ?? "/", this.url), bearerOf(request)));
  }

  #answerTo(url: URL, bearer: string | undefined): Answer {
    if (!bearer) return this.#challenge(keyVaultAnswers.noToken);
    if (!this.#entra.accepts(bearer)) return this.#challenge(keyVaultAnswers.invalidAudience);
    if (this.answer) return this.answer;
    if (!url.searchParams.has("api-version")) return keyVaultAnswers.apiVersionMissing;
    const [, collection = "", name = "", version = ""] = url.pathname.split("/").map(decodeURIComponent);
    if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) return keyVaultAnswers.badParameter;
    if (collection === "secrets") return this.#secret(name, version);
    return this.#deletedSecret(name);
  }

  #challenge(answer: Answer): Answer {
    const authorization = `${this.#entra.url}/${this.#entra.tenantId}`;
    const challenge = `Bearer authorization="${authorization}", resource="${this.resource}"`;
    return { ...answer, headers: { "www-authenticate": challenge } };
  }

  #secret(name: string, version: string): Answer {
    const found = this.secrets.find(name, version);
    if (!found) return keyVaultAnswers.secretNotFound(version ? `${name}/${version}` : name);
    if (found.version.enabled === false) return keyVaultAnswers.secretDisabled;
    return { status: 200, body: this.#bundle(found.name, found.version) };
  }

  #deletedSecret(name: string): Answer {
    if (!this.mayReadDeleted) return keyVaultAnswers.forbiddenByRbac;
    const found = this.secrets.findDeleted(name);
    if (!found) return keyVaultAnswers.deletedSecretNotFound(name);
    const { value: _, ...bundle } = this.#bundle(found.name, found.version);
    const deletion = {
      recoveryId: `${this.url}/deletedsecrets/${found.name}`,
      deletedDate: seconds(found.deleted),
      scheduledPurgeDate: seconds(found.deleted) + 90 * 24 * 3600,
    };
    return { status: 200, body: { ...bundle, ...deletion } };
  }

  #bundle(name: string, { id, value, created, enabled, notBefore, expires }: StoredVersion) {
    return {
      value,
      id: `${this.url}/secrets/${name}/${id}`,
      attributes: {
        enabled: enabled ?? true,
        ...(notBefore && { nbf: seconds(notBefore) }),
        ...(expires && { exp: seconds(expires) }),
        created: seconds(created),
        updated: seconds(created),
        recoveryLevel: "Recoverable+Purgeable",
        recoverableDays: 90,
      },
      tags: {},
    };
  }
}

function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
