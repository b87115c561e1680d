import { expect, test } from "vitest";
import { FakeStore, StoreFailure } from "../test/fake-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretsOptions } from "./secrets.ts";

function open(options: Partial<SecretsOptions> = {}) {
  const vault = new FakeStore({}, "vault(https://one)");
  const local = new FakeStore({}, "local");
  const clock = new TestClock();
  const secrets = createSecrets({ providers: [vault, local], clock, retry: { attempts: 1 }, ...options });
  return { vault, local, clock, secrets };
}

test("the first provider that has it answers, and the others are not asked", async () => {
  const { vault, local, secrets } = open();
  vault.values.set("A", "");
  local.values.set("A", "local");
  expect(await secrets.get("A")).toBe("");
  expect(local.reads).toHaveLength(0);
});

test("only absent moves on", async () => {
  const { vault, local, secrets } = open();
  local.values.set("A", "local");
  expect(await secrets.get("A")).toBe("local");
  for (const kind of ["denied", "unavailable", "throttled", "invalid", "unknown"] as const) {
    vault.failure = new StoreFailure(kind);
    await expect(secrets.get(`B-${kind}`)).rejects.toMatchObject({
      code: kind,
      provider: "vault(https://one)",
    });
  }
  expect(local.reads.map(({ key }) => key)).toEqual(["A"]);
});

test("the application may let a kind of failure move on; what it hid comes out if nobody has the secret", async () => {
  const { vault, local, secrets } = open({ continueOn: ["unavailable"] });
  local.values.set("A", "local");
  vault.failure = new StoreFailure("unavailable");
  expect(await secrets.get("A")).toBe("local");
  await expect(secrets.find("B")).rejects.toMatchObject({ code: "unavailable" });
  vault.failure = new StoreFailure("denied");
  await expect(secrets.get("C")).rejects.toMatchObject({ code: "denied" });
});

test("a secret that appears earlier in the chain is seen when the absence there has aged", async () => {
  const { vault, local, clock, secrets } = open({ cache: { absentTtlMs: 100 } });
  local.values.set("A", "local");
  expect(await secrets.get("A")).toBe("local");
  vault.values.set("A", "vault");
  expect(await secrets.get("A")).toBe("local");
  await clock.advance(100);
  expect(await secrets.get("A")).toBe("vault");
});

test("not found names every provider asked", async () => {
  const { secrets } = open();
  await expect(secrets.get("A")).rejects.toMatchObject({
    code: "not_found",
    message: '"A" was not found in vault(https://one), nor in local. Add it there, or correct the name.',
  });
});

test("a reference picks one provider, by the name before its parenthesis or by its key", async () => {
  const { vault, local, secrets } = open();
  vault.values.set("A", "vault");
  local.values.set("A", "local");
  expect(await secrets.get("secret://local/A")).toBe("local");
  expect(await secrets.get("secret://vault/A")).toBe("vault");
  const named = createSecrets({ providers: { first: local, second: vault } });
  expect(await named.get("secret://second/A")).toBe("vault");
  await expect(named.get("secret://third/A")).rejects.toMatchObject({
    code: "invalid_reference",
    message: '"secret://third/A": there is no provider "third"; there are: first, second.',
  });
});

test("two providers of one name cannot be told apart by reference, and only then is it an error", async () => {
  const secrets = createSecrets({ providers: [new FakeStore({ A: "a" }), new FakeStore({ B: "b" })] });
  expect(await secrets.get("B")).toBe("b");
  await expect(secrets.get("secret://fake-store/A")).rejects.toMatchObject({ code: "invalid_reference" });
});

test("a provider that breaks its word is told so", async () => {
  for (const answer of [null, "bare", { value: 5 }, {}]) {
    const provider = { name: "broken", readSecret: async () => JSON.parse(JSON.stringify(answer)) };
    const secrets = createSecrets({ providers: [provider] });
    await expect(secrets.get("A")).rejects.toMatchObject({ code: "invalid", provider: "broken", key: "A" });
  }
});

test("a getter for a provider that does not exist fails where it is made, not when it is called", async () => {
  const { secrets } = open();
  expect(() => secrets.getter("secret://valut/A")).toThrow(
    expect.objectContaining({ code: "invalid_reference", message: expect.stringContaining("vault, local") }),
  );
  await secrets.close();
  await expect(secrets.getter("secret://vault/A")()).rejects.toMatchObject({ code: "closed" });
});

test("a reference that is no string is a SecretError of every call that takes one", async () => {
  const { secrets } = open();
  const refused = expect.objectContaining({ name: "SecretError", code: "invalid_reference" });
  for (const method of ["get", "find", "read"] as const)
    await expect(Reflect.apply(secrets[method], secrets, [undefined])).rejects.toEqual(refused);
  for (const method of ["getter", "subscribe"] as const)
    expect(() => Reflect.apply(secrets[method], secrets, [undefined, () => undefined])).toThrow(refused);
});
