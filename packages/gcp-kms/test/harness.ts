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
  /** Requests that reads make. Default: those to Cloud KMS, for a provider that makes one for each read. */
  readonly requests?: (() => number) | undefined;
  readonly credentials?: readonly string[];
}

/**
 * A provider over a Cloud KMS with one key, made by `set`.
 *
 * A ciphertext that was decrypted shortly before needs nothing of Cloud KMS, so whatever befalls Cloud KMS comes with
 * new ciphertexts of the same values.
 */
export function kmsHarness(set: () => Promise<Setting>, lacks: Harness["lacks"] = {}): Harness {
  return {
    lacks,
    async open(): Promise<Session> {
      const setting = await set();
      const { server, options, credentials } = setting;
      const { service } = server;
      service.keys.create(keyName);
      const values = new Map<string, string>();
      const seal = (name: string, value: string) => setting.put(name, encryptWith(service, value));
      const sealAnew = () => Promise.all([...values].map(([name, value]) => seal(name, value)));
      return {
        provider: gcpKms(options),
        async seed(name, value) {
          values.set(name, value);
          return seal(name, value);
        },
        async remove(name) {
          values.delete(name);
          setting.remove(name);
        },
        async deny() {
          await sealAnew();
          service.deny(keyName);
        },
        async outage() {
          await sealAnew();
          await server.down();
        },
        async throttle(seconds) {
          await sealAnew();
          service.throttle(seconds);
        },
        async hang() {
          await sealAnew();
          service.hanging = true;
        },
        async corrupt() {
          await sealAnew();
          service.corrupt();
        },
        async heal() {
          service.heal();
          if (server.listening) return;
          await server.up();
          await setting.recovered?.();
        },
        ...("requests" in setting
          ? setting.requests && { requests: setting.requests }
          : { requests: () => service.requests }),
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
