import { randomUUID } from "node:crypto";
import type { Answer, Dialect } from "./dialect.ts";
import type { Folder, Store, StoredSecret, StoredVersion } from "./store.ts";

export const projectId = "6f1c0c9e-3a53-4b0e-9d5e-d41d6f3a2b10";
export const credentials = { clientId: "identity-4711", clientSecret: "client-secret-8e1f6c" };

/** What the API says to one request: a body with 200, or a refusal. */
export type Reply = { readonly body: object } | { readonly refuse: Answer };

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: string;
}

type TokenState = "live" | "expired" | "revoked";

/** The part of Infisical's REST API that reading needs. */
export function createApi(store: Store, dialect: Dialect) {
  const tokens = new Map<string, TokenState>();
  let allowed = true;

  function issue(): string {
    const token = `token-${randomUUID()}`;
    tokens.set(token, "live");
    return token;
  }

  function logIn(body: string): Reply {
    const asked: unknown = JSON.parse(body);
    const matches =
      typeof asked === "object" &&
      asked !== null &&
      Reflect.get(asked, "clientId") === credentials.clientId &&
      Reflect.get(asked, "clientSecret") === credentials.clientSecret;
    if (!matches) return { refuse: dialect.badCredentials };
    return {
      body: {
        accessToken: issue(),
        expiresIn: 7200,
        accessTokenMaxTTL: 7200,
        tokenType: "Bearer",
      },
    };
  }

  function entry(
    secret: StoredSecret,
    version: StoredVersion,
    value: string,
    environment: string,
    path: string,
  ) {
    return {
      id: randomUUID(),
      workspace: projectId,
      environment,
      secretPath: path,
      secretKey: secret.name,
      secretValue: secret.hidden ? "<hidden-by-infisical>" : value,
      secretValueHidden: secret.hidden === true,
      version: version.version,
      type: "shared",
      secretComment: "",
      tags: [],
      createdAt: secret.versions[0]?.writtenAt,
      updatedAt: version.writtenAt,
    };
  }

  function entries({ secrets, path }: Folder, environment: string, expand: boolean) {
    return [...secrets.values()].flatMap((secret) => {
      const version = store.current(secret);
      const value = expand ? store.expand(version.value, environment, path) : version.value;
      const shared = entry(secret, version, value, environment, path);
      if (secret.personal === undefined) return [shared];
      return [{ ...shared, type: "personal", secretValue: secret.personal }, shared];
    });
  }

  function list(query: URLSearchParams, environment: string, path: string): Reply {
    const folder = store.folder(environment, path);
    // Not an error, in any version seen: the list of a folder that does not exist is empty.
    if (folder === undefined) return { body: { secrets: [], imports: [] } };
    const expand = query.get("expandSecretReferences") === "true";
    const imports = folder.imports.flatMap((from) => {
      const source = store.folder(from.environment, from.path);
      return source === undefined
        ? []
        : [
            {
              secretPath: from.path,
              environment: from.environment,
              folderId: randomUUID(),
              secrets: entries(source, from.environment, expand),
            },
          ];
    });
    return {
      body: {
        secrets: entries(folder, environment, expand),
        imports: query.get("include_imports") === "true" ? imports : [],
      },
    };
  }

  function one(name: string, query: URLSearchParams, environment: string, path: string): Reply {
    const folder = store.folder(environment, path);
    if (folder === undefined) return { refuse: dialect.folderMissing(path, environment) };
    const secret = folder.secrets.get(name);
    const wanted = query.get("version");
    const version = secret?.versions.find((each) => wanted === null || each.version === Number(wanted));
    if (secret === undefined || version === undefined) return { refuse: dialect.secretMissing(name) };
    const written = wanted === null ? store.current(secret) : version;
    return { body: { secret: entry(secret, written, written.value, environment, path) } };
  }

  return {
    answer({ method, url, authorization, body }: ApiRequest): Reply {
      if (method === "POST" && url.pathname === "/api/v1/auth/universal-auth/login") return logIn(body);
      const raw = /^\/api\/v3\/secrets\/raw(?:\/([^/]+))?$/.exec(url.pathname);
      if (method !== "GET" || raw === null) {
        return { refuse: [404, `Route ${method}:${url.pathname} not found`, "Not Found"] };
      }
      const state = tokens.get(authorization?.replace(/^Bearer /, "") ?? "");
      if (state === "expired") return { refuse: dialect.tokenExpired };
      if (state !== "live") return { refuse: dialect.tokenRevoked };
      const project = url.searchParams.get("workspaceId") ?? "";
      if (project !== projectId) return { refuse: dialect.projectMissing(project) };
      if (!allowed) return { refuse: dialect.notAllowed };
      const environment = url.searchParams.get("environment") ?? "";
      const path = url.searchParams.get("secretPath") ?? "/";
      const name = raw[1];
      return name === undefined
        ? list(url.searchParams, environment, path)
        : one(decodeURIComponent(name), url.searchParams, environment, path);
    },
    issue,
    /** From now on every token issued so far is answered with "expired" or "revoked". */
    end(state: "expired" | "revoked"): void {
      for (const token of tokens.keys()) tokens.set(token, state);
    },
    allow(yes: boolean): void {
      allowed = yes;
    },
    /** Every token ever issued: none may come out of an error. */
    issued(): readonly string[] {
      return [...tokens.keys()];
    },
  };
}
