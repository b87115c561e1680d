import type { Harness, Session } from "@keyward/conformance";
import { type GcpKmsOptions, gcpKms } from "../src/index.ts";
import type { FakeKmsServer } from "./fake-kms-grpc.ts";
import type { FakeService } from "./fake-service.ts";

export const keyName = "projects/keyward-test/locations/europe-west3/keyRings/ring/cryptoKeys/key";

export interface Setting {
  readonly server: FakeKmsServer;
  readonly options: GcpKmsOptions | undefined;
  /** Puts a ciphertext where the provider's source looks for it. */
  put(name: string, ciphertext: string): Promise<{ readonly version?: string } | undefined> | undefined;
  remove(name: string): void;
  /** Ends what was made for this session. */
  dispose(): Promise<void>;
  /** Waits until a client that was handed in has noticed that the service is back. */
  recovered?(): Promise<void>;
  /** Requests that reads make, where that is more than those to Cloud KMS. */
  requests?(): number;
  readonly credentials?: readonly string[];
}

/** A provider over a Cloud KMS with one key, made by `set`. */
export function kmsHarness(set: () => Promise<Setting>, lacks: Harness["lacks"] = {}): Harness {
  return {
    lacks,
    async open(): Promise<Session> {
      const setting = await set();
      const { server, options, credentials } = setting;
      const { service } = server;
      service.keys.create(keyName);
      return {
        provider: gcpKms(options),
        seed: async (name, value) => setting.put(name, encryptWith(service, value)),
        remove: async (name) => setting.remove(name),
        deny: async () => service.deny(keyName),
        outage: () => server.down(),
        throttle: async (seconds) => service.throttle(seconds),
        async hang() {
          service.hanging = true;
        },
        corrupt: async () => service.corrupt(),
        async heal() {
          service.heal();
          if (server.listening) return;
          await server.up();
          await setting.recovered?.();
        },
        requests: setting.requests ?? (() => service.requests),
        ...(credentials ? { credentials } : {}),
        dispose: setting.dispose,
      };
    },
  };
}

/** A ciphertext in base64, made in the service and not through the package. */
export function encryptWith(service: FakeService, text: string | Uint8Array, additionalData = ""): string {
  const answer = service.keys.encrypt({
    name: keyName,
    data: Buffer.from(text),
    dataChecksum: undefined,
    additionalAuthenticatedData: Buffer.from(additionalData),
    additionalAuthenticatedDataChecksum: undefined,
  });
  return answer.ciphertext.toString("base64");
}

/** An environment of the test's own, for `options.environment`. */
export function ownEnvironment(environment: Record<string, string | undefined> = {}) {
  return {
    environment,
    put(name: string, ciphertext: string): undefined {
      environment[name] = ciphertext;
    },
    remove(name: string): void {
      delete environment[name];
    },
  };
}

export const environmentLacks = { versions: "an environment variable keeps one value for each name" };
