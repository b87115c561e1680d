import { type UpstreamServer, upstreamServer } from "./upstream-server.ts";

export const infisicalToken = "infisical-token-4711";

/** As much of Infisical's API as reading a folder with a token takes. */
export function fakeInfisical(secrets: Readonly<Record<string, string>>): Promise<UpstreamServer> {
  return upstreamServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://infisical.invalid");
    const known = request.headers.authorization === `Bearer ${infisicalToken}`;
    if (pathname !== "/api/v3/secrets/raw" || !known) {
      response.writeHead(known ? 404 : 401, { "content-type": "application/json" }).end("{}");
      return;
    }
    const entries = Object.entries(secrets).map(([secretKey, secretValue], index) => ({
      id: `secret-${index}`,
      workspace: "project",
      environment: "test",
      secretPath: "/",
      secretKey,
      secretValue,
      secretValueHidden: false,
      version: 1,
      type: "shared",
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
    }));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ secrets: entries, imports: [] }));
  });
}
