import { KeyManagementServiceClient } from "@google-cloud/kms";
import { credentials } from "@grpc/grpc-js";
import { describeProvider } from "@keyward/conformance";
import { inMemory, type SecretProvider } from "@keyward/core";
import { vi } from "vitest";
import { fakeKmsGrpc } from "../test/fake-kms-grpc.ts";
import { fakeKmsRest } from "../test/fake-kms-rest.ts";
import { environmentLacks, keyName, kmsHarness, ownEnvironment } from "../test/harness.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";

// The client that is handed in here would look for a metadata server when it is made.
vi.hoisted(() => vi.stubEnv("METADATA_SERVER_DETECTION", "none"));

describeProvider(
  "gcpKms({ client, keyName, source })",
  kmsHarness(async () => {
    const server = await fakeKmsGrpc();
    const client = new KeyManagementServiceClient({
      apiEndpoint: "127.0.0.1",
      port: server.port,
      sslCreds: credentials.createInsecure(),
      "grpc.initial_reconnect_backoff_ms": 50,
    });
    const store = inMemory();
    let reads = 0;
    const source: SecretProvider = {
      ...store,
      readSecret(key, context) {
        reads += 1;
        return store.readSecret(key, context);
      },
    };
    return {
      server,
      options: { client, keyName, source },
      async put(name, ciphertext) {
        store.set(name, ciphertext);
        const { version } = (await store.readSecret(name, { signal: AbortSignal.timeout(1000) })) ?? {};
        return version === undefined ? undefined : { version };
      },
      remove: store.delete,
      // The source is asked by every read, Cloud KMS only about a ciphertext that it has not decrypted lately.
      requests: () => reads,
      async recovered() {
        const reach = () => client.getCryptoKey({ name: keyName }, { retry: null });
        // The fake knows no such method, and only a client that reaches it is told so.
        await vi.waitFor(
          () => reach().catch((error) => (error.code === 12 ? undefined : Promise.reject(error))),
          { timeout: 10_000 },
        );
      },
      async dispose() {
        await client.close();
        await server.dispose();
      },
    };
  }),
);

describeProvider(
  "gcpKms({ keyName, endpoint, reuseForMs: 0 }) over gRPC",
  kmsHarness(async () => {
    const server = await fakeKmsGrpc();
    const store = ownEnvironment();
    const endpoint = `http://127.0.0.1:${server.port}`;
    return {
      server,
      ...store,
      options: { keyName, endpoint, environment: store.environment, reuseForMs: 0 },
      dispose: server.dispose,
    };
  }, environmentLacks),
);

describeProvider(
  "gcpKms({ keyName, endpoint, transport, reuseForMs: 0 }) over REST",
  kmsHarness(async () => {
    const server = await fakeKmsRest();
    const store = ownEnvironment();
    const endpoint = `http://127.0.0.1:${server.port}`;
    return {
      server,
      ...store,
      options: { keyName, endpoint, environment: store.environment, transport: "rest", reuseForMs: 0 },
      dispose: server.dispose,
    };
  }, environmentLacks),
);

describeProvider(
  "gcpKms({ keyName, endpoint, shareFolder })",
  kmsHarness(async () => {
    const server = await fakeKmsGrpc();
    const store = ownEnvironment();
    const folder = temporaryFolder();
    const endpoint = `http://127.0.0.1:${server.port}`;
    return {
      server,
      ...store,
      options: { keyName, endpoint, environment: store.environment, shareFolder: folder.path },
      requests: undefined,
      async dispose() {
        await server.dispose();
        folder.dispose();
      },
    };
  }, environmentLacks),
);
