import { InfisicalSDK } from "@infisical/sdk";
import type { Harness, Session } from "@keyward/conformance";
import { infisical } from "../src/index.ts";
import { credentials, projectId } from "./api.ts";
import type { DialectName } from "./dialect.ts";
import { type FakeInfisical, startInfisical } from "./server.ts";

export type AccessKind = "universal-auth" | "token" | "client" | "variables" | "token-variable";

/** A provider for the fake's project, by one of the ways in. Looks at no variable of this process. */
export function providerFor(server: FakeInfisical, kind: AccessKind = "universal-auth", secretPath = "/") {
  const place = { projectId, environment: "test", secretPath, env: {} };
  const { siteUrl } = server;
  switch (kind) {
    case "universal-auth":
      return infisical({ ...place, ...credentials, siteUrl });
    case "token":
      return infisical({ ...place, token: server.issue(), siteUrl });
    case "client": {
      const client = new InfisicalSDK({ siteUrl });
      client.auth().accessToken(server.issue());
      return infisical({ ...place, client });
    }
    case "variables": {
      const { clientId, clientSecret } = credentials;
      const access = { INFISICAL_CLIENT_ID: clientId, INFISICAL_CLIENT_SECRET: clientSecret };
      return infisical({ env: { ...variablesFor(siteUrl, secretPath), ...access } });
    }
    case "token-variable":
      return infisical({ env: { ...variablesFor(siteUrl, secretPath), INFISICAL_TOKEN: server.issue() } });
  }
}

/** Where to read, for a provider that is given nothing but its environment. */
function variablesFor(siteUrl: string, secretPath: string) {
  return {
    INFISICAL_PROJECT_ID: projectId,
    INFISICAL_ENVIRONMENT: "test",
    INFISICAL_SECRET_PATH: secretPath,
    INFISICAL_SITE_URL: siteUrl,
  };
}

export function harnessFor(dialect: DialectName, kind: AccessKind): Harness {
  return { open: () => openSession(dialect, kind) };
}

async function openSession(dialect: DialectName, kind: AccessKind): Promise<Session> {
  const server = await startInfisical(dialect);
  return {
    provider: providerFor(server, kind),
    async seed(key, value) {
      return { version: String(server.write(key, value).version) };
    },
    async remove(key) {
      server.remove(key);
    },
    async deny() {
      server.allow(false);
    },
    outage: server.stop,
    async throttle(retryAfterSeconds) {
      server.misbehave({ kind: "throttle", retryAfterSeconds });
    },
    async hang() {
      server.misbehave({ kind: "hang" });
    },
    async corrupt() {
      server.misbehave({ kind: "page", status: 200 });
    },
    async heal() {
      server.misbehave(undefined);
      server.allow(true);
      await server.start();
    },
    requests: () => server.count(),
    credentials: [credentials.clientSecret, ...server.issued()],
    dispose: server.stop,
  };
}
