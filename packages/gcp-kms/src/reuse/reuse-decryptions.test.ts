import { createSecrets } from "@keyward/core";
import { describe, expect, test } from "vitest";
import { keyName } from "../../test/harness.ts";
import { openKms, secretErrorOf } from "../../test/open-kms.ts";
import type { Decryption } from "../decrypt.ts";
import { gcpKms } from "../gcp-kms.ts";
import { decryptionMemory } from "./decryption-memory.ts";
import { reuseDecryptions } from "./reuse-decryptions.ts";

const { signal } = new AbortController();

function decryption(changes: Partial<Decryption> = {}): Decryption {
  return { keyName, ciphertext: Uint8Array.of(1, 2), additionalData: undefined, ...changes };
}

describe("a decryption", () => {
  test.each([
    ["key", { keyName: `${keyName}2` }],
    ["ciphertext", { ciphertext: Uint8Array.of(1, 3) }],
    ["additional data", { additionalData: Uint8Array.of(1) }],
    ["empty additional data", { additionalData: new Uint8Array() }],
  ])("is used again, and not for another %s", async (_what, changes) => {
    let calls = 0;
    const ask = async () => `text ${++calls}`;
    const decrypt = reuseDecryptions(ask, { memory: decryptionMemory(1_000), service: "kms:443" });
    await expect(decrypt(decryption(), signal)).resolves.toBe("text 1");
    await expect(decrypt(decryption(), signal)).resolves.toBe("text 1");
    await expect(decrypt(decryption(changes), signal)).resolves.toBe("text 2");
  });

  test("is not used for another service", async () => {
    const memory = decryptionMemory(1_000);
    const real = reuseDecryptions(async () => "real", { memory, service: "kms:443" });
    const emulated = reuseDecryptions(async () => "emulated", { memory, service: "127.0.0.1:9010" });
    await expect(emulated(decryption(), signal)).resolves.toBe("emulated");
    await expect(real(decryption(), signal)).resolves.toBe("real");
  });

  test("that failed is not remembered", async () => {
    let fail = true;
    const ask = async () => {
      if (fail) throw new Error("down");
      return "text";
    };
    const decrypt = reuseDecryptions(ask, { memory: decryptionMemory(1_000), service: "kms:443" });
    await expect(decrypt(decryption(), signal)).rejects.toThrow("down");
    fail = false;
    await expect(decrypt(decryption(), signal)).resolves.toBe("text");
  });

  test("that is known is not handed out to who has given up", async () => {
    const decrypt = reuseDecryptions(async () => "text", {
      memory: decryptionMemory(1_000),
      service: "kms:443",
    });
    await decrypt(decryption(), signal);
    await expect(decrypt(decryption(), AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});

test("ten managers that start at once over one provider ask Cloud KMS once", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  const provider = gcpKms(kms.options);
  const managers = Array.from({ length: 10 }, () => createSecrets({ providers: [provider] }));
  const values = await Promise.all(managers.map((secrets) => secrets.get("VALUE")));
  expect(new Set(values)).toEqual(new Set(["one"]));
  expect(kms.service.requests).toBe(1);
  await Promise.all(managers.map((secrets) => secrets.close()));
});

test("polling an unchanged ciphertext asks Cloud KMS once, unless told otherwise", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  const secrets = kms.secrets({}, { cache: false });
  for (let look = 0; look < 5; look++) await expect(secrets.get("VALUE")).resolves.toBe("one");
  expect(kms.service.requests).toBe(1);
  kms.environment.VALUE = kms.seal("two");
  await expect(secrets.get("VALUE")).resolves.toBe("two");
  expect(kms.service.requests).toBe(2);
});

test("a closed provider's decryptions are not another's", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  const first = kms.secrets();
  await first.get("VALUE");
  await first.close();
  kms.service.deny(keyName);
  const second = kms.secrets();
  expect(await secretErrorOf(second.get("VALUE"))).toMatchObject({ reason: "permission-denied" });
});

test("with 0, a key that is disabled is noticed by the next read", async () => {
  await using kms = await openKms();
  kms.environment.VALUE = kms.seal("one");
  const secrets = kms.secrets({ reuseForMs: 0 }, { cache: false });
  await secrets.get("VALUE");
  kms.service.keys.setState(keyName, 1, "DISABLED");
  expect(await secretErrorOf(secrets.get("VALUE"))).toMatchObject({ reason: "key-disabled" });
});
