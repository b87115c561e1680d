import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { openKms } from "../test/open-kms.ts";
import { encrypt, GcpKmsError } from "./index.ts";

describe("a secret that was encrypted", () => {
  test("is one line of base64 that reads back as it was", async () => {
    await using kms = await openKms();
    const options = { ...kms.options, additionalAuthenticatedData: "name" } as const;
    const secrets = kms.secrets(options, { cache: false });
    const text = fc.string({ unit: "grapheme", maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, async (plaintext) => {
        const line = await encrypt({ ...options, name: "VALUE", plaintext });
        expect(line).toMatch(/^CiQ[A-Za-z0-9+/]+={0,2}$/);
        kms.environment.VALUE = line;
        await expect(secrets.get("VALUE")).resolves.toBe(plaintext);
      }),
      { numRuns: 30 },
    );
  });

  test.each(["grpc", "rest"] as const)("over %s may be bytes, and may be empty", async (transport) => {
    await using kms = await openKms(transport);
    for (const plaintext of [Buffer.from("bytes\n"), ""]) {
      kms.environment.VALUE = await encrypt({ ...kms.options, name: "VALUE", plaintext });
      await expect(kms.secrets().get("VALUE")).resolves.toBe(plaintext.toString());
    }
  });

  test("is made with the primary version of the key", async () => {
    await using kms = await openKms();
    kms.service.keys.rotate(keyName);
    kms.service.keys.setState(keyName, 1, "DESTROYED");
    kms.environment.VALUE = await encrypt({ ...kms.options, name: "VALUE", plaintext: "value" });
    await expect(kms.secrets().get("VALUE")).resolves.toBe("value");
  });
});

describe("encryption fails", () => {
  test.each([
    ["plaintext-not-text", Buffer.of(0xff)],
    ["plaintext-not-text", "lone surrogate \ud800"],
    ["plaintext-too-long", "x".repeat(65_537)],
  ] as const)("with %s before anything is sent", async (reason, plaintext) => {
    await using kms = await openKms();
    const sealing = encrypt({ ...kms.options, name: "VALUE", plaintext });
    await expect(sealing).rejects.toMatchObject({ reason, message: expect.stringContaining("VALUE") });
    expect(kms.service.requests).toBe(0);
  });

  test("with an error that names the variable and the remedy, and holds nothing that was sent", async () => {
    await using kms = await openKms("rest");
    kms.service.deny(keyName);
    const plaintext = "a secret to be kept";
    const error = await encrypt({ ...kms.options, name: "VALUE", plaintext }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GcpKmsError);
    expect(error).toMatchObject({
      reason: "permission-denied",
      message: expect.stringMatching(/VALUE.*Encrypter/),
    });
    const { inspect } = await import("node:util");
    const printed = inspect(error, { depth: 20, showHidden: true, maxStringLength: null });
    expect(printed).not.toContain(plaintext);
    expect(printed).not.toContain(Buffer.from(plaintext).toString("base64"));
  });

  test("when the service did not check what it received", async () => {
    await using kms = await openKms();
    const seal = (options: object = {}) =>
      encrypt({ ...kms.options, name: "VALUE", plaintext: "value", ...options });
    kms.service.tampering = { encrypted: (answer) => ({ ...answer, verifiedPlaintextCrc32c: false }) };
    await expect(seal()).rejects.toMatchObject({ reason: "request-damaged" });
    kms.service.tampering = {
      encrypted: (answer) => ({ ...answer, verifiedAdditionalAuthenticatedDataCrc32c: false }),
    };
    await expect(seal({ additionalAuthenticatedData: "name" })).rejects.toMatchObject({
      reason: "request-damaged",
    });
    await expect(seal()).resolves.toMatch(/^CiQ/);
  });

  test("when the answer is nothing that could be read later", async () => {
    await using kms = await openKms();
    kms.service.tampering = {
      encrypted: (answer) => ({
        ...answer,
        ciphertext: Buffer.from("123456789"),
        ciphertextCrc32c: "3808858755",
      }),
    };
    const sealing = encrypt({ ...kms.options, name: "VALUE", plaintext: "value" });
    await expect(sealing).rejects.toMatchObject({ reason: "response-incomplete" });
  });

  test("with options that cannot work, and says which", async () => {
    const sealing = encrypt({ name: "VALUE", plaintext: "value", environment: {} });
    await expect(sealing).rejects.toThrow(/no key is named/);
  });
});
