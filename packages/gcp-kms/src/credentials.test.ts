import { inspect } from "node:util";
import { describeProvider } from "@keyward/conformance";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../test/fake-kms-grpc.ts";
import { certificate, serviceAccount } from "../test/google-credentials.ts";
import { encryptWith, environmentLacks, keyName, kmsHarness } from "../test/harness.ts";
import { KmsStatus, status } from "../test/kms-status.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { gcpKms } from "./index.ts";

const { roots } = await vi.hoisted(async () => {
  const { join } = await import("node:path");
  const { tmpdir } = await import("node:os");
  const roots = join(tmpdir(), `keyward-gcp-kms-roots-${process.pid}-${crypto.randomUUID()}.pem`);
  // gRPC looks at this once, when it is loaded, and at nothing else for authorities of one's own.
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = roots;
  process.env.METADATA_SERVER_DETECTION = "none";
  return { roots };
});

const folder = temporaryFolder();
const token = /^Bearer eyJ/;
let server: FakeKmsServer;
let accountFile: string;

beforeAll(async () => {
  const { rmSync, writeFileSync } = await import("node:fs");
  const { key, cert } = await certificate();
  writeFileSync(roots, cert);
  server = await fakeKmsGrpc({ key, cert });
  accountFile = folder.write("account.json", serviceAccount());
  return async () => {
    await server.dispose();
    rmSync(roots, { force: true });
    folder.dispose();
  };
});

function surroundings(variables: Readonly<Record<string, string>>): void {
  vi.unstubAllEnvs();
  // No credentials of whoever runs the tests.
  for (const name of ["HOME", "APPDATA", "CLOUDSDK_CONFIG"]) vi.stubEnv(name, folder.path);
  vi.stubEnv("GOOGLE_KMS_RESOURCE_NAME", keyName);
  vi.stubEnv("GOOGLE_KMS_ENDPOINT", `https://localhost:${server.port}`);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

async function failureOfRead(): Promise<{ readonly reason: string | undefined; readonly error: unknown }> {
  vi.stubEnv("DATABASE_URL", encryptWith(server.service, "postgres://"));
  const provider = gcpKms();
  try {
    const read = provider.readSecret("DATABASE_URL", { signal: AbortSignal.timeout(5_000) });
    const error = await read.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const failure = provider.classify?.(error);
    return { reason: typeof failure === "object" ? failure.reason : failure, error };
  } finally {
    await provider.close?.();
  }
}

describe("with GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_KMS_RESOURCE_NAME", () => {
  beforeAll(() => surroundings({ GOOGLE_APPLICATION_CREDENTIALS: accountFile }));
  afterAll(() => vi.unstubAllEnvs());

  describeProvider(
    "gcpKms()",
    kmsHarness(
      async () => ({
        server,
        options: undefined,
        // What `process.env` is asked cannot be counted.
        requests: undefined,
        async put(name, ciphertext) {
          process.env[name] = ciphertext;
          return undefined;
        },
        remove(name) {
          delete process.env[name];
        },
        async dispose() {
          for (const name of Object.keys(process.env)) {
            if (name.startsWith("CONFORMANCE_")) delete process.env[name];
          }
          server.service.heal();
          if (!server.listening) await server.up();
        },
      }),
      environmentLacks,
    ),
  );
});

describe("the credentials", () => {
  beforeEach(() => {
    server.service.heal();
    server.service.keys.create(keyName);
  });
  afterEach(() => vi.unstubAllEnvs());

  test("of a service account sign what is sent over TLS", async () => {
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: accountFile });
    vi.stubEnv("DATABASE_URL", encryptWith(server.service, "postgres://"));
    const provider = gcpKms();
    const reading = await provider.readSecret("DATABASE_URL", { signal: AbortSignal.timeout(5_000) });
    await provider.close?.();
    expect(reading).toEqual({ value: "postgres://" });
    expect(server.service.authorization).toMatch(token);
    expect(server.service.routing).toBe(`name=${encodeURIComponent(keyName)}`);
  });

  test("are looked for again after they were missing", async () => {
    const late = `${folder.path}/late.json`;
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: late });
    vi.stubEnv("DATABASE_URL", encryptWith(server.service, "postgres://"));
    const provider = gcpKms();
    const read = () => provider.readSecret("DATABASE_URL", { signal: AbortSignal.timeout(5_000) });
    const error = await read().catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toMatchObject({ kind: "denied", reason: "credentials-file-missing" });
    folder.write("late.json", serviceAccount());
    await expect(read()).resolves.toEqual({ value: "postgres://" });
    await provider.close?.();
  });

  test("file that is a folder", async () => {
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: folder.path });
    expect((await failureOfRead()).reason).toBe("credentials-file-missing");
  });

  test("file that is no JSON is not quoted", async () => {
    const broken = folder.write("broken.json", '{ "private_key": -----BEGIN PRIVATE KEY-----MIIEvQ');
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: broken });
    const { reason, error } = await failureOfRead();
    expect(reason).toBe("credentials-file-invalid");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("BEGIN");
  });

  test("file whose key cannot sign", async () => {
    const account = JSON.parse(serviceAccount());
    const damaged = folder.write("damaged.json", JSON.stringify({ ...account, private_key: "nothing" }));
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: damaged });
    expect((await failureOfRead()).reason).toBe("credentials-file-invalid");
  });

  test("that are nowhere", async () => {
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: "" });
    expect((await failureOfRead()).reason).toBe("credentials-missing");
  });

  test("that have expired", async () => {
    surroundings({ GOOGLE_APPLICATION_CREDENTIALS: accountFile });
    server.service.failure = new KmsStatus(
      status.unauthenticated,
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      "ACCESS_TOKEN_EXPIRED",
    );
    expect((await failureOfRead()).reason).toBe("credentials-refused");
  });
});
