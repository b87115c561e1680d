import { rmSync, writeFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { inspect } from "node:util";
import { createSecrets } from "@keyward/core";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import { type FakeKmsServer, fakeKmsGrpc } from "../test/fake-kms-grpc.ts";
import { fakeKmsRest } from "../test/fake-kms-rest.ts";
import { certificate, serviceAccount, workload } from "../test/google-credentials.ts";
import { encryptWith, keyName } from "../test/harness.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { type TokenAnswer, type TokenService, tokenService } from "../test/token-service.ts";
import { gcpKms } from "./index.ts";

const { roots } = await vi.hoisted(async () => {
  const { join } = await import("node:path");
  const { tmpdir } = await import("node:os");
  const roots = join(tmpdir(), `keyward-gcp-kms-roots-${process.pid}-${crypto.randomUUID()}.pem`);
  // gRPC looks at this once, when it is loaded, and at nothing else for authorities of one's own.
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = roots;
  return { roots };
});

const folder = temporaryFolder();
const subject = "the token of the workload";
const environment: Record<string, string | undefined> = {};
const servers: { grpc?: FakeKmsServer; rest?: FakeKmsServer } = {};
let tokens: TokenService;

beforeAll(async () => {
  const before = getCACertificates();
  const tls = await certificate();
  writeFileSync(roots, tls.cert);
  setDefaultCACertificates([...before, tls.cert]); // For REST.
  servers.grpc = await fakeKmsGrpc(tls);
  servers.rest = await fakeKmsRest(tls);
  return () => setDefaultCACertificates(before);
});

afterAll(async () => {
  rmSync(roots, { force: true });
  await Promise.all(Object.values(servers).map((server) => server.dispose()));
  folder.dispose();
});

beforeEach(async () => {
  for (const { service } of Object.values(servers)) service.keys.create(keyName);
  tokens = await tokenService();
  // No credentials of whoever runs the tests, and no look-ups by Google's library.
  for (const name of ["HOME", "APPDATA", "CLOUDSDK_CONFIG"]) vi.stubEnv(name, folder.path);
  vi.stubEnv("GOOGLE_CLOUD_PROJECT", "keyward-test");
  vi.stubEnv("METADATA_SERVER_DETECTION", "none");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await tokens[Symbol.asyncDispose]();
});

/** A service of its own that is asked for a token by each who signs in. */
const signedInBy = {
  "a workload's token service"(): void {
    const file = folder.write("subject", subject);
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", folder.write("workload.json", workload(tokens.url, file)));
  },
  "a machine's metadata server"(): void {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
    vi.stubEnv("METADATA_SERVER_DETECTION", "assume-present");
    vi.stubEnv("GCE_METADATA_HOST", tokens.host);
  },
};

function serverOf(transport: "grpc" | "rest"): FakeKmsServer {
  const server = servers[transport];
  if (!server) throw new Error("not started");
  return server;
}

function providerFor(transport: "grpc" | "rest") {
  const { port } = serverOf(transport);
  return gcpKms({ keyName, transport, endpoint: `https://localhost:${port}`, environment, reuseForMs: 0 });
}

/** Past core, since the vendor's library tries three times before it gives up. */
async function failureOf(transport: "grpc" | "rest", provider = providerFor(transport)) {
  environment.VALUE = encryptWith(serverOf(transport).service, "value");
  const read = provider.readSecret("VALUE", { signal: AbortSignal.timeout(9_000) });
  const error = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const failure = provider.classify?.(error);
  await provider.close?.();
  const printed = inspect(error, { depth: 20, showHidden: true, maxStringLength: null });
  expect(printed).not.toContain(subject);
  return typeof failure === "object" ? { kind: failure.kind, reason: failure.reason } : failure;
}

const internal = { error: "internal_failure" };
const outages: readonly (readonly [string, TokenAnswer | "refuse"])[] = [
  ["answers 400 for a failure of its own", { status: 400, body: internal }],
];
// Google's library tries most of these for two seconds.
const moreOutages: typeof outages = [
  ["answers 500", { status: 500, body: internal }],
  ["refuses the connection", "refuse"],
  ["answers 503 in HTML", { status: 503, body: `<p>${subject}</p>` }],
  ["is asked too often", { status: 429, body: { error: "rate_limit_exceeded" } }],
  ["resets", "reset"],
];

describe.each(["grpc", "rest"] as const)("over %s", (transport) => {
  describe.each(Object.entries(signedInBy))("%s", (from, signIn) => {
    const all = transport === "grpc" && from.includes("workload");
    test.each(all ? [...outages, ...moreOutages] : outages)("that %s is out", async (_what, answer) => {
      signIn();
      if (answer === "refuse") await tokens.down();
      else tokens.answer = answer;
      expect(await failureOf(transport)).toEqual({ kind: "unavailable", reason: "token-unavailable" });
    });

    test.each([400, 401, 403])("that answers %i refuses the credentials", async (status) => {
      signIn();
      tokens.answer = { status, body: { error: "unauthorized_client" } };
      expect(await failureOf(transport)).toEqual({ kind: "denied", reason: "credentials-refused" });
    });

    test("that knows the grant no more refuses the credentials", async () => {
      signIn();
      tokens.answer = { status: 400, body: { error: "invalid_grant", error_description: subject } };
      expect(await failureOf(transport)).toEqual({ kind: "denied", reason: "credentials-refused" });
    });

    test("that is out leaves the last good value, and its return is noticed", async () => {
      signIn();
      const { service } = serverOf(transport);
      environment.VALUE = encryptWith(service, "first");
      const reasons: unknown[] = [];
      await using secrets = createSecrets({
        providers: [providerFor(transport)],
        cache: { ttlMs: 1, staleRetryMs: 1 },
        deadlineMs: 9_000,
        retry: { attempts: 1 },
        onEvent: (event) => void (event.type === "failed" && reasons.push(event.reason)),
      });
      expect(await secrets.get("VALUE")).toBe("first");
      expect(service.authorization).toBe("Bearer a token");
      tokens.answer = { status: 503 };
      environment.VALUE = encryptWith(service, "second");
      await expect.poll(() => secrets.read("VALUE"), { timeout: 5_000 }).toMatchObject({ stale: true });
      expect(reasons).toContain("token-unavailable");
      expect(await secrets.get("VALUE")).toBe("first");
      tokens.answer = "token";
      await expect.poll(() => secrets.get("VALUE"), { timeout: 5_000 }).toBe("second");
    }, 15_000);
  });

  test.each(["nothing", "", "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----\n"])(
    "a private key that cannot sign is the file's fault: %j",
    async (key) => {
      const account = JSON.stringify({ ...JSON.parse(serviceAccount()), private_key: key });
      vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", folder.write("account.json", account));
      expect(await failureOf(transport)).toEqual({ kind: "denied", reason: "credentials-file-invalid" });
    },
  );

  describe("a token that its read has not waited for", () => {
    let provider: ReturnType<typeof providerFor>;
    const read = (signal: AbortSignal) => provider.readSecret("VALUE", { signal });

    beforeEach(async () => {
      signedInBy["a workload's token service"]();
      environment.VALUE = encryptWith(serverOf(transport).service, "value");
      provider = providerFor(transport);
      tokens.answer = "hang";
      const deadline = new AbortController();
      const late = expect(read(deadline.signal)).rejects.toThrow("late");
      await expect.poll(() => tokens.asked, { timeout: 5_000 }).toBe(1);
      deadline.abort(new Error("late"));
      await late;
      tokens.answer = "token";
    });
    afterEach(() => provider.close?.());

    test("leaves the process alone when it comes", async () => {
      const crash = vi.fn();
      process.on("uncaughtExceptionMonitor", crash);
      onTestFinished(() => void process.off("uncaughtExceptionMonitor", crash));
      tokens.release();
      await expect(read(AbortSignal.timeout(5_000))).resolves.toEqual({ value: "value" });
      expect(crash).not.toHaveBeenCalled();
    });

    test("holds up no later read when it never comes", async () => {
      await expect(read(AbortSignal.timeout(5_000))).resolves.toEqual({ value: "value" });
    });
  });

  test("a token that the library wants while it loads the credentials", async () => {
    signedInBy["a workload's token service"]();
    vi.stubEnv("GOOGLE_CLOUD_PROJECT", undefined);
    vi.stubEnv("GCE_METADATA_HOST", tokens.host);
    tokens.answer = { status: 400, body: internal };
    expect(await failureOf(transport)).toEqual({ kind: "unavailable", reason: "token-unavailable" });
  });

  test("a file that the credentials refer to and that is not there", async () => {
    const file = workload(tokens.url, `${folder.path}/nowhere`);
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", folder.write("workload.json", file));
    expect(await failureOf(transport)).toEqual({ kind: "denied", reason: "credentials-file-missing" });
  });
});

describe("a client that is handed in says in words", () => {
  test.each([
    ["unavailable", "token-unavailable", { status: 400, body: internal }],
    ["denied", "credentials-refused", { status: 403, body: { error: "unauthorized_client" } }],
    ["denied", "credentials-refused", { status: 400, body: { error: "invalid_target" } }],
    ["denied", "credentials-refused", { status: 400, body: { error: "invalid_grant" } }],
  ] as const)("%s, %s for %j", async (kind, reason, answer) => {
    signedInBy["a workload's token service"]();
    const { KeyManagementServiceClient } = await import("@google-cloud/kms");
    const client = new KeyManagementServiceClient({ apiEndpoint: "localhost", port: serverOf("grpc").port });
    tokens.answer = answer;
    expect(await failureOf("grpc", gcpKms({ keyName, client, environment }))).toEqual({ kind, reason });
    await client.close();
  });
});
