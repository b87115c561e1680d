import { describe, expect, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { crc32c } from "../test/reference-crc32c.ts";
import { encrypt } from "./index.ts";

/** A copy with one bit changed, at a place that depends on `seed`. */
function flipped(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes);
  const bit = seed % (copy.length * 8);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

describe.each(["grpc", "rest"] as const)("one flipped bit over %s", (transport) => {
  test("in the stored ciphertext is a failure, wherever it is", async () => {
    await using kms = await openKms(transport);
    const sealed = Buffer.from(kms.seal("postgres://user@host/db"), "base64");
    const secrets = kms.secrets({}, { cache: false });
    const reasons = new Set<string | undefined>();
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      kms.environment.VALUE = flipped(sealed, bit).toString("base64");
      reasons.add((await secretErrorOf(secrets.find("VALUE"))).reason);
    }
    expect([...reasons].sort()).toEqual(["ciphertext-invalid", "decryption-failed", "wrong-key"]);
  });

  test("in the request is found by the service", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    kms.service.tampering = { request: (request) => ({ ...request, data: flipped(request.data, 1000) }) };
    const error = await secretErrorOf(kms.secrets().get("VALUE"));
    expect(error).toMatchObject({ code: "unavailable", reason: "request-damaged" });
  });

  test("in the additional data of the request is found by the service", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value", "VALUE");
    kms.service.tampering = {
      request: (request) => ({
        ...request,
        additionalAuthenticatedData: flipped(request.additionalAuthenticatedData, 3),
      }),
    };
    const secrets = kms.secrets({ additionalAuthenticatedData: "name" });
    expect(await secretErrorOf(secrets.get("VALUE"))).toMatchObject({ reason: "request-damaged" });
  });

  test("in the answer is found here", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    kms.service.tampering = {
      decrypted: (answer) => ({ ...answer, plaintext: flipped(answer.plaintext, 9) }),
    };
    const error = await secretErrorOf(kms.secrets().get("VALUE"));
    expect(error).toMatchObject({ code: "unavailable", reason: "response-damaged" });
    kms.service.tampering = {};
    await expect(kms.secrets().get("VALUE")).resolves.toBe("value");
  });

  test("an answer without its checksum is not believed", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    kms.service.tampering = { decrypted: ({ plaintext }) => ({ plaintext }) };
    const error = await secretErrorOf(kms.secrets().get("VALUE"));
    expect(error).toMatchObject({ code: "invalid", reason: "response-incomplete" });
  });

  test("during encryption is found on either side", async () => {
    await using kms = await openKms(transport);
    const seal = () => encrypt({ ...kms.options, name: "VALUE", plaintext: "value" });
    kms.service.tampering = { request: (request) => ({ ...request, data: flipped(request.data, 5) }) };
    await expect(seal()).rejects.toMatchObject({ reason: "request-damaged" });
    kms.service.tampering = {
      encrypted: (answer) => ({ ...answer, ciphertext: flipped(answer.ciphertext, 500) }),
    };
    await expect(seal()).rejects.toMatchObject({ reason: "response-damaged" });
  });
});

test("the checksums sent are those of what is sent", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("value", "VALUE");
  await kms.secrets({ additionalAuthenticatedData: "name" }).get("VALUE");
  const sent = kms.service.lastRequest;
  expect(sent?.name).toBe(keyName);
  expect(sent?.dataChecksum).toBe(String(crc32c(sent?.data ?? Buffer.alloc(0))));
  expect(sent?.additionalAuthenticatedData.toString()).toBe("VALUE");
  expect(sent?.additionalAuthenticatedDataChecksum).toBe(String(crc32c(Buffer.from("VALUE"))));
});
