import { createSecrets, inMemory, type SecretProvider } from "@keyward/core";
import { describe, expect, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { pythonRepr } from "../test/literals.ts";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { gcpKms } from "./index.ts";

const signal = new AbortController().signal;

describe("a ciphertext in the environment", () => {
  test.each([
    ["base64", (base64: string) => base64],
    ["base64url", (base64: string) => Buffer.from(base64, "base64").toString("base64url")],
    ["Python's bytes literal", (base64: string) => pythonRepr(Buffer.from(base64, "base64"))],
    [
      "Python's bytes literal after a shell took its quotes",
      (base64: string) => pythonRepr(Buffer.from(base64, "base64")).replace(/^b(['"])(.*)\1$/s, "b$2"),
    ],
  ])("is decrypted from %s", async (_what, write) => {
    await using kms = await openKms();
    kms.environment.PROXY_DATABASE_URL_ENCRYPTED = write(kms.seal("postgres://user@host/db"));
    await expect(kms.secrets().get("PROXY_DATABASE_URL_ENCRYPTED")).resolves.toBe("postgres://user@host/db");
  });

  test.each([
    ["a trailing line break", "value\n"],
    ["leading blanks", "  value"],
    ["a byte order mark", "\uFEFFvalue"],
    ["NUL", "a\0b"],
    ["text that looks like a ciphertext itself", "CiQAAAAAAAAAAAAA"],
    ["nothing at all", ""],
  ])("keeps %s", async (_what, text) => {
    await using kms = await openKms();
    await using rest = await openKms("rest");
    for (const each of [kms, rest]) {
      each.environment.VALUE = each.seal(text);
      await expect(each.secrets().get("VALUE")).resolves.toBe(text);
    }
  });

  test("that is not UTF-8 is a failure", async () => {
    await using kms = await openKms();
    kms.environment.VALUE = kms.seal(Buffer.from([0x66, 0xff, 0x66]));
    const error = await secretErrorOf(kms.secrets().get("VALUE"));
    expect(error).toMatchObject({ code: "invalid", reason: "plaintext-not-text", key: "VALUE" });
  });

  test("is decrypted with the key version that made it, also after a rotation", async () => {
    await using kms = await openKms();
    kms.environment.OLD = kms.seal("old");
    kms.service.keys.rotate(keyName);
    kms.environment.NEW = kms.seal("new");
    await expect(kms.secrets().getMany(["OLD", "NEW"])).resolves.toEqual({ OLD: "old", NEW: "new" });
  });

  test("is decrypted once for as long as core keeps the value", async () => {
    await using kms = await openKms();
    kms.environment.VALUE = kms.seal("value");
    const secrets = kms.secrets();
    await Promise.all(Array.from({ length: 20 }, () => secrets.get("VALUE")));
    await secrets.get("VALUE");
    expect(kms.service.requests).toBe(1);
  });
});

describe("a value that is no ciphertext", () => {
  test("is absent, so that plain settings are found behind this provider", async () => {
    await using kms = await openKms();
    Object.assign(kms.environment, { PLAIN: "postgres://localhost", SEALED: kms.seal("sealed") });
    const plain = inMemory({ PLAIN: "postgres://localhost", SEALED: "not this one" });
    await using secrets = createSecrets({ providers: [gcpKms(kms.options), plain] });
    await expect(secrets.getMany(["PLAIN", "SEALED"])).resolves.toEqual({
      PLAIN: "postgres://localhost",
      SEALED: "sealed",
    });
    expect(kms.service.requests).toBe(1);
  });

  test("is a failure where everything has to be encrypted", async () => {
    await using kms = await openKms();
    kms.environment.PLAIN = "postgres://localhost";
    const error = await secretErrorOf(kms.secrets({ plainValues: "refuse" }).find("PLAIN"));
    expect(error).toMatchObject({ code: "invalid", reason: "not-ciphertext" });
    expect(JSON.stringify(error)).not.toContain("localhost");
  });
});

describe("a value that resembles a ciphertext", () => {
  test.each([
    ["cut short between two bytes", "ciphertext-invalid", (text: string) => text.slice(0, 48)],
    ["cut short within a byte", "ciphertext-malformed", (text: string) => text.slice(0, 49)],
    [
      "with a character that base64 does not have",
      "ciphertext-malformed",
      (text: string) => text.replace(/.$/, "%"),
    ],
    [
      "a literal that # has cut",
      "ciphertext-malformed",
      (text: string) => pythonRepr(Buffer.from(text, "base64")).slice(0, 40),
    ],
    ["with its first byte damaged", "ciphertext-invalid", (text: string) => text.replace(/^C/, "D")],
  ])("%s is a failure that names the variable and not its content", async (_what, reason, damage) => {
    await using kms = await openKms();
    const damaged = damage(kms.seal("postgres://user@host/db"));
    kms.environment.DATABASE_URL = damaged;
    const plain = inMemory({ DATABASE_URL: damaged });
    await using secrets = createSecrets({ providers: [gcpKms(kms.options), plain] });
    const error = await secretErrorOf(secrets.get("DATABASE_URL"));
    expect(error).toMatchObject({ code: "invalid", reason, key: "DATABASE_URL" });
    expect(error.message).toContain("DATABASE_URL");
    expect(JSON.stringify(error)).not.toContain(damaged.slice(0, 12));
  });
});

describe("the source", () => {
  const source = (changes: Partial<SecretProvider>): SecretProvider => ({
    name: "source",
    readSecret: async () => undefined,
    ...changes,
  });

  test("passes its version and timestamps on", async () => {
    await using kms = await openKms();
    const updatedAt = new Date(1_000);
    const value = kms.seal("value");
    const provider = gcpKms({
      ...kms.options,
      source: source({ readSecret: async () => ({ value, version: "7", updatedAt }) }),
    });
    await expect(provider.readSecret("A", { signal })).resolves.toEqual({
      value: "value",
      version: "7",
      updatedAt,
    });
    await provider.close?.();
  });

  test("classifies its own failures", async () => {
    const failing = source({
      readSecret: async () => Promise.reject(Object.assign(new Error("7"), { code: 7 })),
      classify: () => ({ kind: "throttled", reason: "of-the-source" }),
    });
    const provider = gcpKms({ keyName, source: failing });
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toEqual({ kind: "throttled", reason: "of-the-source" });
    expect(provider.classify?.(Object.assign(new Error("7"), { code: 7 }))).toMatchObject({ kind: "denied" });
  });

  test("without classify leaves a failure unknown", async () => {
    const failing = source({
      readSecret: async () => Promise.reject(Object.assign(new Error(), { code: 7 })),
    });
    const provider = gcpKms({ keyName, source: failing });
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(provider.classify?.(error)).toBeUndefined();
  });

  test("that never answers ends with the signal", async () => {
    const silent = source({ readSecret: () => new Promise(() => {}) });
    const read = gcpKms({ keyName, source: silent }).readSecret("A", { signal: AbortSignal.timeout(5) });
    await expect(read).rejects.toMatchObject({ name: "TimeoutError" });
  });

  test("lends its spelling of names and is closed along", async () => {
    let closed = 0;
    const spelling = source({
      storeKey: (key) => key.toUpperCase(),
      async close() {
        closed += 1;
      },
    });
    const provider = gcpKms({ keyName, source: spelling });
    expect(provider.storeKey?.("a")).toBe("A");
    await provider.close?.();
    expect(closed).toBe(1);
    await expect(provider.readSecret("A", { signal })).rejects.toMatchObject({ reason: "closed" });
  });

  test("that cannot watch leaves polling to core", () => {
    const provider = gcpKms({ keyName });
    expect("watch" in provider).toBe(false);
    expect("readAll" in provider).toBe(false);
    expect("storeKey" in provider).toBe(false);
  });
});

test("the provider is named after its key", () => {
  expect(gcpKms({ keyName }).name).toBe(`google-kms(${keyName})`);
});

test("no credentials are looked for or sent without TLS", async () => {
  for (const transport of ["grpc", "rest"] as const) {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    await expect(kms.secrets().get("VALUE")).resolves.toBe("value");
    expect(kms.service.authorization).toBeUndefined();
    expect(kms.service.routing).toBe(`name=${encodeURIComponent(keyName)}`);
  }
});
