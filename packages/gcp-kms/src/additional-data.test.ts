import { expect, test } from "vitest";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { encrypt, gcpKms } from "./index.ts";

test("bound to its name, a ciphertext moved to another variable does not decrypt", async () => {
  await using kms = await openKms();
  const bound = { ...kms.options, additionalAuthenticatedData: "name" } as const;
  const first = await encrypt({ ...bound, name: "READ_ONLY_URL", plaintext: "read-only" });
  const second = await encrypt({ ...bound, name: "ADMIN_URL", plaintext: "admin" });
  Object.assign(kms.environment, { READ_ONLY_URL: first, ADMIN_URL: second });
  const names = ["READ_ONLY_URL", "ADMIN_URL"] as const;
  await expect(kms.secrets(bound).getMany(names)).resolves.toEqual({
    READ_ONLY_URL: "read-only",
    ADMIN_URL: "admin",
  });

  Object.assign(kms.environment, { READ_ONLY_URL: second, ADMIN_URL: first });
  const swapped = kms.secrets(bound);
  for (const name of names) {
    expect(await secretErrorOf(swapped.get(name))).toMatchObject({
      code: "invalid",
      reason: "decryption-failed",
    });
  }
});

test("a ciphertext that is bound does not decrypt without its data, nor one that is not with some", async () => {
  await using kms = await openKms();
  Object.assign(kms.environment, { BOUND: kms.seal("value", "BOUND"), LOOSE: kms.seal("value") });
  const reason = "decryption-failed";
  expect(await secretErrorOf(kms.secrets().get("BOUND"))).toMatchObject({ reason });
  const bound = kms.secrets({ additionalAuthenticatedData: "name" });
  expect(await secretErrorOf(bound.get("LOOSE"))).toMatchObject({ reason });
});

test("the data may be the same for all, or made for each name", async () => {
  await using kms = await openKms();
  Object.assign(kms.environment, { A: kms.seal("a", "production"), B: kms.seal("b", "production/B") });
  const same = kms.secrets({ additionalAuthenticatedData: Buffer.from("production") });
  await expect(same.get("A")).resolves.toBe("a");
  const made = kms.secrets({ additionalAuthenticatedData: (name) => Buffer.from(`production/${name}`) });
  await expect(made.get("B")).resolves.toBe("b");
});

test("other data is refused at construction", () => {
  const options: object = { keyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k" };
  const wrong: object = { ...options, additionalAuthenticatedData: "production" };
  expect(() => gcpKms(wrong)).toThrow(/additionalAuthenticatedData is "name", a Uint8Array/);
});
