import {
  createSecrets,
  isSecretError,
  type SecretError,
  type Secrets,
  type SecretsOptions,
} from "@keyward/core";
import { type GcpKmsOptions, gcpKms } from "../src/index.ts";
import { type FakeKmsServer, fakeKmsGrpc } from "./fake-kms-grpc.ts";
import { fakeKmsRest } from "./fake-kms-rest.ts";
import type { FakeService } from "./fake-service.ts";
import { encryptWith, keyName } from "./harness.ts";

/** A Cloud KMS with one key, an environment of ciphertexts, and managers over both, all ended by `await using`. */
export interface OpenKms extends AsyncDisposable {
  readonly server: FakeKmsServer;
  readonly service: FakeService;
  readonly environment: Record<string, string | undefined>;
  /** Options that lead here. */
  readonly options: GcpKmsOptions;
  seal(text: string | Uint8Array, additionalData?: string): string;
  /** A manager that retries nothing and caches as core does. */
  secrets(options?: GcpKmsOptions, core?: Partial<SecretsOptions>): Secrets;
}

export async function openKms(transport: "grpc" | "rest" = "grpc"): Promise<OpenKms> {
  const server = transport === "rest" ? await fakeKmsRest() : await fakeKmsGrpc();
  const { service } = server;
  service.keys.create(keyName);
  const environment: Record<string, string | undefined> = {};
  const options: GcpKmsOptions = {
    keyName,
    transport,
    endpoint: `http://127.0.0.1:${server.port}`,
    environment,
  };
  const managers: Secrets[] = [];
  return {
    server,
    service,
    environment,
    options,
    seal: (text, additionalData) => encryptWith(service, text, additionalData),
    secrets(own = {}, core = {}) {
      const providers = [gcpKms({ ...options, ...own })];
      const manager = createSecrets({ providers, retry: { attempts: 1 }, ...core });
      managers.push(manager);
      return manager;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(managers.map((manager) => manager.close()));
      await server.dispose();
    },
  };
}

/** What a promise rejects with. */
export async function secretErrorOf(promise: Promise<unknown>): Promise<SecretError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isSecretError(thrown)) throw new Error("expected a SecretError");
  return thrown;
}
