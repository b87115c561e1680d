import { describe, expect, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import type { Decryption } from "./decrypt.ts";
import { reuseDecryptions } from "./reuse-decryptions.ts";

const { signal } = new AbortController();

function decryption(changes: Partial<Decryption> = {}): Decryption {
  return { keyName, ciphertext: Uint8Array.of(1, 2), additionalData: undefined, ...changes };
}

function counting(now: () => number = () => 0) {
  let calls = 0;
  const memory = reuseDecryptions(
    async () => {
      calls += 1;
      return `text ${calls}`;
    },
    1_000,
    now,
  );
  return { memory, decrypt: memory.decrypt, forget: memory.forget, calls: () => calls };
}

describe("a decryption", () => {
  test("is used again until its time is up, counted from the request", async () => {
    let now = 0;
    const memory = counting(() => now);
    await expect(memory.decrypt(decryption(), signal)).resolves.toBe("text 1");
    now = 999;
    await expect(memory.decrypt(decryption(), signal)).resolves.toBe("text 1");
    now = 1_000;
    await expect(memory.decrypt(decryption(), signal)).resolves.toBe("text 2");
  });

  test.each([
    ["key", { keyName: `${keyName}2` }],
    ["ciphertext", { ciphertext: Uint8Array.of(1, 3) }],
    ["additional data", { additionalData: Uint8Array.of(1) }],
    ["empty additional data", { additionalData: new Uint8Array() }],
  ])("is not used for another %s", async (_what, changes) => {
    const memory = counting();
    await memory.decrypt(decryption(), signal);
    await memory.decrypt(decryption(changes), signal);
    expect(memory.calls()).toBe(2);
  });

  test("that failed is not remembered", async () => {
    let fail = true;
    const { decrypt } = reuseDecryptions(async () => {
      if (fail) throw new Error("down");
      return "text";
    }, 1_000);
    await expect(decrypt(decryption(), signal)).rejects.toThrow("down");
    fail = false;
    await expect(decrypt(decryption(), signal)).resolves.toBe("text");
  });

  test("makes room for others", async () => {
    const memory = counting();
    const numbered = (index: number) => decryption({ ciphertext: Uint8Array.of(index >> 8, index & 0xff) });
    for (let index = 0; index <= 1000; index++) await memory.decrypt(numbered(index), signal);
    await memory.decrypt(numbered(1000), signal);
    expect(memory.calls()).toBe(1001);
    await memory.decrypt(numbered(0), signal);
    expect(memory.calls()).toBe(1002);
  });

  test("that is over is not kept until it is asked for again", async () => {
    let now = 0;
    const { memory } = counting(() => now);
    await memory.decrypt(decryption(), signal);
    now = 999;
    await memory.decrypt(decryption({ ciphertext: Uint8Array.of(2) }), signal);
    expect(memory.size).toBe(2);
    now = 1_000;
    await memory.decrypt(decryption({ ciphertext: Uint8Array.of(3) }), signal);
    expect(memory.size).toBe(2);
  });

  test("is forgotten on demand, and not handed out to who has given up", async () => {
    const memory = counting();
    await memory.decrypt(decryption(), signal);
    await expect(memory.decrypt(decryption(), AbortSignal.abort(new Error("enough")))).rejects.toThrow(
      "enough",
    );
    memory.forget();
    await memory.decrypt(decryption(), signal);
    expect(memory.calls()).toBe(2);
  });
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
