import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";

const { signal } = new AbortController();
let azure: FakeAzure;
let managedIdentity: Server;
let managedIdentityStatus: number;

// One for the whole file: the SDK looks for it once in a process.
beforeAll(async () => {
  managedIdentity = await serveManagedIdentity();
});
afterAll(() => {
  managedIdentity.close();
  managedIdentity.closeAllConnections();
});
beforeEach(async () => {
  azure = await FakeAzure.start();
  azure.vault.secrets.set("A", azure.value);
  managedIdentityStatus = 200;
  // The chain reads the process's own environment, so nothing of this machine's may show.
  for (const name of Object.keys(process.env)) if (name.startsWith("AZURE_")) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await azure.close();
});

function withoutClientSecret() {
  return { ...azure.environment(), AZURE_CLIENT_SECRET: undefined };
}

describe("without a client secret", () => {
  test("a managed identity signs in, and the provider says so", async () => {
    stubManagedIdentity();
    const provider = azure.provider({ env: withoutClientSecret() });
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: azure.value });
    expect(provider.signedInWith).toBe("ManagedIdentityCredential");
  });

  test("a managed identity still signs in after another provider was closed", async () => {
    stubManagedIdentity();
    const first = azure.provider({ env: withoutClientSecret(), clientId: "first-identity" });
    await first.readSecret("A", { signal });
    await first.close?.();
    const second = azure.provider({ env: withoutClientSecret(), clientId: "second-identity" });
    expect(await second.readSecret("A", { signal })).toMatchObject({ value: azure.value });
  });

  test("a developer's own login signs in, and the provider says so", async () => {
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential");
    const answer = JSON.stringify({ accessToken: azure.entra.issue(), expires_on: inAnHour() });
    await withAzureCli(`echo '${answer}'`, async () => {
      const provider = azure.provider({ env: withoutClientSecret() });
      expect(await provider.readSecret("A", { signal })).toMatchObject({ value: azure.value });
      expect(provider.signedInWith).toBe("AzureCliCredential");
    });
  });

  test("a credential that hangs holds a read no longer than its signal, and its process no longer than a sign-in", async () => {
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential");
    await withAzureCli('echo $$ > "$0.pid"\nexec sleep 600', async (command) => {
      const provider = azure.provider({ env: withoutClientSecret(), signInTimeoutMs: 3_000 });
      const reader = new AbortController();
      const read = provider.readSecret("A", { signal: reader.signal });
      const ended = expect(read).rejects.toThrow("enough");
      const pid = await vi.waitFor(
        async () => {
          const written = Number(await readFile(`${command}.pid`, "utf8"));
          expect(written).toBeGreaterThan(0);
          return written;
        },
        { timeout: 10_000 },
      );
      reader.abort(new Error("enough"));
      await ended;
      expect(process.kill(pid, 0)).toBe(true);
      await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 10_000 });
    });
  });

  test("what one member of the chain met is reported rather than that the others were not set up", async () => {
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    const { entra } = azure;
    vi.stubEnv("AZURE_TENANT_ID", entra.tenantId);
    vi.stubEnv("AZURE_CLIENT_ID", entra.clientId);
    vi.stubEnv("AZURE_CLIENT_SECRET", "wrong");
    const provider = azure.provider({ env: withoutClientSecret() });
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toMatchObject({ reason: "client-secret-refused" });
  });

  test("a managed identity whose endpoint fails is unavailable, not missing", async () => {
    stubManagedIdentity();
    managedIdentityStatus = 500;
    // The SDK keeps managed identities' tokens for the whole process: this one has not had any.
    const provider = azure.provider({ env: withoutClientSecret(), clientId: "another-identity" });
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toMatchObject({ reason: "sign-in-unavailable" });
  });
});

function inAnHour(): number {
  return Math.floor(Date.now() / 1000) + 3_600;
}

/** The endpoint that App Service and Container Apps give to their applications. */
async function serveManagedIdentity(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(managedIdentityStatus, { "content-type": "application/json" });
    const token = { access_token: azure.entra.issue(), expires_on: inAnHour(), token_type: "Bearer" };
    response.end(JSON.stringify(managedIdentityStatus === 200 ? token : { error: "server_error" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function stubManagedIdentity(): void {
  const address = managedIdentity.address();
  if (address === null || typeof address === "string") throw new Error("listening on a port was asked for");
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "prod");
  vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${address.port}/msi/token`);
  vi.stubEnv("IDENTITY_HEADER", "header");
}

/** Puts an `az` of the test's own first on the path. */
async function withAzureCli(script: string, run: (command: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "keyward-azure-"));
  try {
    const command = join(folder, "az");
    await writeFile(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    await run(command);
  } finally {
    await rm(folder, { recursive: true });
  }
}
