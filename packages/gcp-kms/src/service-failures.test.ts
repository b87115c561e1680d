import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { KmsStatus, status } from "../test/kms-status.ts";
import { type OpenKms, openKms, secretErrorOf } from "../test/open-kms.ts";
import { type GcpKmsFailureReason, gcpKms } from "./index.ts";

const otherKey = keyName.replace(/key$/, "other");
const elsewhere = keyName.replace("/ring/", "/nowhere/");

type Arrange = (kms: OpenKms) => unknown;
type Case = readonly [reason: GcpKmsFailureReason, code: string, arrange: Arrange, keyName: string];

const cases: readonly Case[] = [
  ["wrong-key", "invalid", ({ service }) => service.keys.create(otherKey), otherKey],
  ["key-not-found", "invalid", () => {}, otherKey],
  ["key-not-found", "invalid", () => {}, elsewhere],
  ["key-disabled", "invalid", ({ service }) => service.keys.setState(keyName, 1, "DISABLED"), keyName],
  ["key-destroyed", "invalid", ({ service }) => service.keys.setState(keyName, 1, "DESTROYED"), keyName],
  [
    "key-unusable",
    "invalid",
    answers(status.failedPrecondition, `${keyName} has purpose ASYMMETRIC_SIGN, which cannot decrypt.`),
    keyName,
  ],
  ["permission-denied", "denied", ({ service }) => service.deny(keyName), keyName],
  [
    "api-disabled",
    "denied",
    answers(
      status.permissionDenied,
      "Google Cloud KMS API has not been used in project 123 before or it is disabled.",
      "SERVICE_DISABLED",
    ),
    keyName,
  ],
  [
    "quota-project-denied",
    "denied",
    answers(
      status.permissionDenied,
      "Caller does not have required permission to use project other.",
      "USER_PROJECT_DENIED",
    ),
    keyName,
  ],
  [
    "credentials-refused",
    "denied",
    answers(
      status.unauthenticated,
      "Request had invalid authentication credentials.",
      "ACCESS_TOKEN_EXPIRED",
    ),
    keyName,
  ],
  ["throttled", "throttled", ({ service }) => service.throttle(3), keyName],
  ["invalid-request", "invalid", answers(status.invalidArgument, "Resource name is not valid."), keyName],
  ["service-error", "unavailable", answers(status.internal, "Internal error encountered."), keyName],
  ["service-error", "unavailable", answers(status.alreadyExists, "It exists."), keyName],
  ["service-error", "unavailable", answers(status.outOfRange, "Out of range."), keyName],
  ["not-cloud-kms", "invalid", answers(status.unimplemented, "Unknown method."), keyName],
  [
    "unreachable",
    "unavailable",
    answers(status.unavailable, "The service is currently unavailable."),
    keyName,
  ],
  ["timeout", "unavailable", answers(status.deadlineExceeded, "Deadline exceeded."), keyName],
  ["unreachable", "unavailable", ({ server }) => server.down(), keyName],
];

function answers(code: number, message: string, reason?: string): Arrange {
  return ({ service }) => {
    service.failure = new KmsStatus(code, message, reason);
  };
}

describe.each(["grpc", "rest"] as const)("over %s", (transport) => {
  test.each(cases)("%s is told as such and is %s", async (reason, code, arrange, key) => {
    await using kms = await openKms(transport);
    const sealed = kms.seal("postgres://user@host/db");
    kms.environment.DATABASE_URL = sealed;
    await arrange(kms);
    const secrets = kms.secrets({ keyName: key });
    const error = await secretErrorOf(secrets.get("DATABASE_URL"));
    expect(error).toMatchObject({ code, reason, key: "DATABASE_URL" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(sealed.slice(0, 20));
  });

  test("a decryption after the service is back succeeds at once", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    const secrets = kms.secrets();
    await kms.server.down();
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await secretErrorOf(secrets.get("VALUE"))).toMatchObject({ reason: "unreachable" });
    }
    await kms.server.up();
    await expect(secrets.get("VALUE")).resolves.toBe("value");
  });

  test("the raw error holds neither request nor ciphertext", async () => {
    await using kms = await openKms(transport);
    const sealed = kms.seal("value");
    const source = { name: "source", readSecret: async () => ({ value: sealed }) };
    const provider = gcpKms({ ...kms.options, source });
    kms.service.deny(keyName);
    const read = provider.readSecret("VALUE", { signal: AbortSignal.timeout(5_000) });
    const error = await read.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const printed = inspect(error, { depth: 20, showHidden: true, maxStringLength: null });
    expect(printed).toContain("useToDecrypt");
    expect(printed).not.toContain(sealed);
    await provider.close?.();
  });
});

test("an endpoint that speaks gRPC and is no Cloud KMS is told as such", async () => {
  const { Server, ServerCredentials } = await import("@grpc/grpc-js");
  const server = new Server();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("value");
  const secrets = kms.secrets({ endpoint: `http://127.0.0.1:${port}` });
  expect(await secretErrorOf(secrets.get("VALUE"))).toMatchObject({
    code: "invalid",
    reason: "not-cloud-kms",
    message: expect.stringContaining("GOOGLE_KMS_ENDPOINT"),
  });
  server.forceShutdown();
});

test("a connection that breaks is not taken for an answer", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("value");
  kms.service.hanging = true;
  const error = secretErrorOf(kms.secrets().get("VALUE"));
  await expect.poll(() => kms.service.pending).toBe(1);
  await kms.server.down();
  expect(await error).toMatchObject({ code: "unavailable", reason: "unreachable" });
});
