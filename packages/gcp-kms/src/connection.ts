import type { Endpoint } from "./endpoint.ts";
import { GcpKmsError } from "./failures.ts";
import type { KmsClient } from "./kms-client.ts";

/** How requests travel. */
export type Transport = "grpc" | "rest";

/** A client that is there when it is needed. */
export interface Connection {
  /** Concurrent callers share one attempt; a failed one is forgotten, so that the next read tries again. */
  client(): Promise<KmsClient>;
  close(): Promise<void>;
}

/** A client that the application made. It is never closed here. */
export function handedIn(client: KmsClient): Connection {
  let closed = false;
  return {
    async client() {
      if (closed) throw new GcpKmsError("closed");
      await client.initialize?.();
      return client;
    },
    async close() {
      closed = true;
    },
  };
}

/** A client of our own. Neither the SDK nor any credential is touched before the first call. */
export function ownConnection(transport: Transport, endpoint: Endpoint | undefined): Connection {
  let opening: Promise<KmsClient> | undefined;
  let closeClient: (() => Promise<void>) | undefined;
  let closed = false;

  async function open(): Promise<KmsClient> {
    const client = await openClient(transport, endpoint);
    if (closed) {
      await client.close();
      throw new GcpKmsError("closed");
    }
    closeClient = () => client.close();
    return client;
  }

  return {
    async client() {
      if (closed) throw new GcpKmsError("closed");
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async close() {
      closed = true; // A client that is still being opened is closed by `open`.
      await closeClient?.();
      closeClient = undefined;
    },
  };
}

async function openClient(transport: Transport, endpoint: Endpoint | undefined) {
  const [{ KeyManagementServiceClient }, { default: gax }] = await Promise.all([
    import("@google-cloud/kms"),
    import("google-gax"),
  ]);
  const client = new KeyManagementServiceClient(
    {
      // Otherwise a channel that has been out for a while stays out for up to two minutes after the service is back.
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 2_000,
      ...(transport === "rest" ? { fallback: true } : {}),
      ...(endpoint ? { apiEndpoint: endpoint.host, port: endpoint.port } : {}),
      ...(endpoint?.plaintext ? withoutCredentials(gax) : {}),
    },
    gax,
  );
  // On its own the client would do this in the first call, and leave a rejection unhandled.
  await client.initialize();
  return client;
}

/** An emulator wants no credentials, and none may travel in the clear. Nor is the metadata server asked for any. */
function withoutCredentials({ grpc, GoogleAuth, googleAuthLibrary }: typeof import("google-gax")) {
  return {
    protocol: "http",
    sslCreds: grpc.credentials.createInsecure(),
    auth: new GoogleAuth({ authClient: new googleAuthLibrary.PassThroughClient() }),
  };
}
