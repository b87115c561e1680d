import { KeyManagementServiceClient } from "@google-cloud/kms";
import { credentials } from "@grpc/grpc-js";
import { describeProvider } from "@keyward/conformance";
import { inMemory } from "@keyward/core";
import { vi } from "vitest";
import { fakeKmsGrpc } from "../test/fake-kms-grpc.ts";
import { fakeKmsRest } from "../test/fake-kms-rest.ts";
import { environmentLacks, keyName, kmsHarness, ownEnvironment } from "../test/harness.ts";

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
    const source = inMemory();
    return {
      server,
      options: { client, keyName, source },
      async put(name, ciphertext) {
        source.set(name, ciphertext);
        const { version } = (await source.readSecret(name, { signal: AbortSignal.timeout(1000) })) ?? {};
        return version === undefined ? undefined : { version };
      },
      remove: source.delete,
      async recovered() {
        const reach = () => client.getCryptoKey({ name: keyName }, { retry: null });
        // The fake knows no such method, and only a client that reaches it is told so.
        await vi.waitFor(() =>
          reach().catch((error) => (error.code === 12 ? undefined : Promise.reject(error))),
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
  "gcpKms({ keyName, endpoint }) over gRPC",
  kmsHarness(async () => {
    const server = await fakeKmsGrpc();
    const store = ownEnvironment();
    const endpoint = `http://127.0.0.1:${server.port}`;
    return {
      server,
      ...store,
      options: { keyName, endpoint, environment: store.environment },
      dispose: server.dispose,
    };
  }, environmentLacks),
);

describeProvider(
  "gcpKms({ keyName, endpoint, transport }) over REST",
  kmsHarness(async () => {
    const server = await fakeKmsRest();
    const store = ownEnvironment();
    const endpoint = `http://127.0.0.1:${server.port}`;
    return {
      server,
      ...store,
      options: { keyName, endpoint, environment: store.environment, transport: "rest" },
      dispose: server.dispose,
    };
  }, environmentLacks),
);

const reused = "a ciphertext that was decrypted shortly before needs nothing of Cloud KMS";

describeProvider(
  "gcpKms({ reuseForMs })",
  kmsHarness(
    async () => {
      const server = await fakeKmsGrpc();
      const store = ownEnvironment();
      const endpoint = `http://127.0.0.1:${server.port}`;
      let lookUps = 0;
      // The store is the source and KMS together, and the source is asked by every read.
      const environment = new Proxy(store.environment, {
        get(target, name, receiver) {
          lookUps += 1;
          return Reflect.get(target, name, receiver);
        },
      });
      return {
        server,
        ...store,
        options: { keyName, endpoint, environment, reuseForMs: 60_000 },
        requests: () => lookUps,
        dispose: server.dispose,
      };
    },
    { ...environmentLacks, deny: reused, outage: reused, throttle: reused, corrupt: reused },
  ),
);
