import { createRequire } from "node:module";
import {
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import type { CryptRequest } from "./fake-keys.ts";
import { FakeService } from "./fake-service.ts";
import { KmsStatus, status } from "./kms-status.ts";
import { encodeStatus } from "./status-details.ts";

interface WireRequest {
  readonly name: string;
  readonly plaintext?: Buffer;
  readonly ciphertext?: Buffer;
  readonly plaintextCrc32c?: { readonly value: string } | null;
  readonly ciphertextCrc32c?: { readonly value: string } | null;
  readonly additionalAuthenticatedData: Buffer;
  readonly additionalAuthenticatedDataCrc32c?: { readonly value: string } | null;
}

export interface FakeKmsServer {
  readonly service: FakeService;
  readonly port: number;
  readonly listening: boolean;
  /** Stops listening and drops every connection. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  dispose(): Promise<void>;
}

/** Cloud KMS over gRPC, from the service definition that the vendor's client ships. `tls` takes PEM texts. */
export async function fakeKmsGrpc(tls?: {
  readonly key: string;
  readonly cert: string;
}): Promise<FakeKmsServer> {
  const service = new FakeService();
  const credentials = tls
    ? ServerCredentials.createSsl(null, [
        { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) },
      ])
    : ServerCredentials.createInsecure();
  let server: Server | undefined;
  let port = 0;

  async function up(): Promise<void> {
    const next = new Server();
    next.addService(definition(), {
      decrypt: unary(service, (request) => {
        const answer = service.decrypt(request);
        return { ...answer, plaintextCrc32c: wrap(answer.plaintextCrc32c) };
      }),
      encrypt: unary(service, (request) => {
        const answer = service.encrypt(request);
        return { ...answer, ciphertextCrc32c: wrap(answer.ciphertextCrc32c) };
      }),
    });
    port = await new Promise<number>((resolve, reject) => {
      next.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    server = next;
  }

  async function down(): Promise<void> {
    server?.forceShutdown();
    server = undefined;
  }

  await up();
  return {
    service,
    port,
    get listening() {
      return server !== undefined;
    },
    up,
    down,
    dispose: down,
  };
}

function wrap(value: string | undefined): { readonly value: string } | undefined {
  return value === undefined ? undefined : { value };
}

function unary(service: FakeService, answer: (request: CryptRequest) => object) {
  return (call: ServerUnaryCall<WireRequest, object>, callback: sendUnaryData<object>): void => {
    service.authorization = call.metadata.get("authorization")[0]?.toString();
    service.routing = call.metadata.get("x-goog-request-params")[0]?.toString();
    if (service.hanging) {
      service.requests += 1;
      service.pending += 1;
      call.on("cancelled", () => {
        service.pending -= 1;
      });
      return;
    }
    try {
      callback(null, answer(fromWire(call.request)));
    } catch (error) {
      const failure = error instanceof KmsStatus ? error : new KmsStatus(status.internal, String(error));
      const metadata = new Metadata();
      metadata.set("grpc-status-details-bin", encodeStatus(failure));
      callback({ code: failure.code, details: failure.message, metadata });
    }
  };
}

function fromWire(request: WireRequest): CryptRequest {
  return {
    name: request.name,
    data: request.plaintext ?? request.ciphertext ?? Buffer.alloc(0),
    dataChecksum: (request.plaintextCrc32c ?? request.ciphertextCrc32c)?.value,
    additionalAuthenticatedData: request.additionalAuthenticatedData,
    additionalAuthenticatedDataChecksum: request.additionalAuthenticatedDataCrc32c?.value,
  };
}

function definition() {
  const json = createRequire(import.meta.url)("@google-cloud/kms/build/protos/protos.json");
  const loaded = loadPackageDefinition(fromJSON(json, { longs: String, enums: String, defaults: true }));
  const path = ["google", "cloud", "kms", "v1", "KeyManagementService"];
  const found = path.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], loaded);
  return (found as ServiceClientConstructor).service;
}
