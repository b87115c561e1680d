import { requestTimeout } from "./decrypt.ts";
import type { Endpoint } from "./endpoint.ts";
import { GcpKmsError } from "./failures.ts";
import type { KmsClient } from "./kms-client.ts";
import { signIn } from "./sign-in.ts";

/** How requests travel. */
export type Transport = "grpc" | "rest";

/** A client that is there when it is needed. */
export interface Connection {
  /** Who answers: a host and its port, as far as that is known here. */
  readonly service: string;
  /** @throws GcpKmsError once it is closed. */
  check(): void;
  /** Concurrent callers share one attempt; a failed one is forgotten, so that the next read tries again. */
  client(): Promise<KmsClient>;
  /**
   * Drops a client that could not reach the service. Its channel would refuse requests for up to two minutes after
   * the service is back, without trying.
   */
  forget(client: KmsClient): void;
  /**
   * Asks no more of a client that let a read wait to its end, or of one that is still being opened: a token that never
   * comes would hold up all later reads. Those who still wait for it may go on.
   */
  leave(client: KmsClient | undefined): void;
  close(): Promise<void>;
}

/** A client that the application made. It is never closed here. */
export function handedIn(client: KmsClient): Connection {
  let closed = false;
  function check(): void {
    if (closed) throw new GcpKmsError("closed");
  }
  return {
    service: "the client's own",
    check,
    async client() {
      check();
      await client.initialize?.();
      return client;
    },
    forget: () => undefined,
    leave: () => undefined,
    async close() {
      closed = true;
    },
  };
}

/** A client of our own. Neither the SDK nor any credential is touched before the first call. */
export function ownConnection(transport: Transport, endpoint: Endpoint | undefined): Connection {
  const clients = new Set<OwnClient>();
  let current: Attempt | undefined;
  let closed = false;

  function check(): void {
    if (closed) throw new GcpKmsError("closed");
  }

  function open(): Promise<OwnClient> {
    const opening = openClient(transport, endpoint).then(async (client) => {
      if (closed) await client.close();
      check();
      clients.add(client);
      if (current === attempt) attempt.client = client;
      else endLater(client);
      return client;
    });
    const attempt: Attempt = { opening };
    current = attempt;
    opening.catch(() => {
      if (current === attempt) current = undefined;
    });
    return opening;
  }

  function end(client: OwnClient): void {
    clients.delete(client);
    client.close().catch(() => undefined); // It is of no use any more, whether or not it can be closed.
  }

  function endLater(client: OwnClient): void {
    setTimeout(() => end(client), requestTimeout).unref();
  }

  return {
    service: endpoint ? `${endpoint.host}:${endpoint.port}` : "Google's own",
    check,
    async client() {
      check();
      return current?.opening ?? open();
    },
    forget(client) {
      if (client !== current?.client || !current?.client) return;
      end(current.client);
      current = undefined;
    },
    leave(client) {
      if (client !== current?.client) return;
      if (current?.client) endLater(current.client);
      current = undefined;
    },
    async close() {
      closed = true; // A client that is still being opened is closed by `open`.
      current = undefined;
      await Promise.all([...clients].map((client) => client.close()));
      clients.clear();
    },
  };
}

interface Attempt {
  readonly opening: Promise<OwnClient>;
  /** Once it is open. */
  client?: OwnClient;
}

type OwnClient = KmsClient & { close(): Promise<void> };

async function openClient(transport: Transport, endpoint: Endpoint | undefined): Promise<OwnClient> {
  const [{ KeyManagementServiceClient }, { default: gax }] = await Promise.all([
    import("@google-cloud/kms"),
    import("google-gax"),
  ]);
  const client = new KeyManagementServiceClient(
    {
      ...(transport === "rest" ? { fallback: true } : {}),
      ...(endpoint ? { apiEndpoint: endpoint.host, port: endpoint.port } : {}),
      ...(endpoint?.plaintext ? withoutCredentials(gax) : {}),
    },
    gax,
  );
  await signIn(client.auth);
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
