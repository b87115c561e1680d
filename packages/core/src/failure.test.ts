import { describe, expect, it } from "vitest";
import { SecretError, type SecretErrorCode } from "./errors.ts";
import { classifyFailure, timeoutFailure } from "./failure.ts";
import type { Failure, FailureKind, SecretProvider } from "./provider.ts";
import { inMemory } from "./providers/in-memory.ts";

const kinds: FailureKind[] = ["denied", "unavailable", "throttled", "invalid", "unknown"];

function answering(answer: Failure | FailureKind | undefined): SecretProvider {
  return { ...inMemory({}, "vault"), classify: () => answer };
}

describe("something thrown by a provider", () => {
  it.each(kinds)("that classify calls %s gets that code and a next step", (kind) => {
    const { kind: found, error } = classifyFailure(answering(kind), "A", new Error("hunter2"));
    expect(found).toBe(kind);
    expect(error).toMatchObject({ code: kind, key: "A", provider: "vault" });
    expect(error.message).toMatch(/^vault: reading "A" failed( \(\w+\))?\. \w.{30,}\.$/);
    expect(error.message).not.toContain("hunter2");
  });

  it("takes its reason, remedy and wait from classify", () => {
    const answer = {
      kind: "throttled",
      reason: "quota",
      remedy: "Raise the quota.",
      retryAfterMs: 5,
    } as const;
    const { error } = classifyFailure(answering(answer), "A", undefined);
    expect(error).toMatchObject({ reason: "quota", retryAfterMs: 5 });
    expect(error.message).toBe('vault: reading "A" failed (throttled). Raise the quota.');
  });

  it("is unknown without classify, without its answer, with a kind that does not exist, and when it throws", () => {
    const throwing = {
      ...inMemory(),
      classify: () => {
        throw new Error("hunter2");
      },
    };
    const madeUp = { ...inMemory(), classify: () => Object({ kind: "toString" }) };
    for (const provider of [inMemory(), answering(undefined), throwing, madeUp]) {
      const { kind, error } = classifyFailure(provider, "A", new Error("x"));
      expect(kind).toBe("unknown");
      expect(error.code).toBe("unknown");
      expect(error.message).not.toContain("hunter2");
    }
  });

  it("may be anything at all", () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const thrown of [undefined, null, "hunter2", 0, {}, revoked.proxy])
      expect(classifyFailure(inMemory(), "A", thrown).error.code).toBe("unknown");
  });

  it("while listing has no key", () => {
    const { error } = classifyFailure(answering("denied"), undefined, undefined);
    expect(error.key).toBe(undefined);
    expect(error.message).toMatch(/^vault: listing the secrets failed \(denied\)/);
  });
});

describe("a SecretError thrown by a provider", () => {
  const kindOf: [SecretErrorCode, FailureKind][] = [
    ["denied", "denied"],
    ["unavailable", "unavailable"],
    ["timeout", "unavailable"],
    ["throttled", "throttled"],
    ["invalid", "invalid"],
    ["invalid_name", "invalid"],
    ["not_found", "unknown"],
    ["closed", "unknown"],
    ["unknown", "unknown"],
  ];

  it.each(kindOf)("with code %s keeps it, and is %s", (code, kind) => {
    const thrown = new SecretError({ code, message: "no.", provider: "inner", reason: "r", retryAfterMs: 5 });
    const classified = classifyFailure(answering("denied"), "A", thrown);
    expect(classified.kind).toBe(kind);
    expect(classified.error).toMatchObject({
      code,
      message: "no.",
      provider: "inner",
      reason: "r",
      retryAfterMs: 5,
      key: "A",
    });
  });

  it("is copied without what was hung onto it", () => {
    const thrown = Object.assign(new SecretError({ code: "denied", message: "no." }), {
      cause: "hunter2",
      request: "hunter2",
    });
    const { error } = classifyFailure(inMemory({}, "vault"), undefined, thrown);
    expect(error).not.toBe(thrown);
    expect(Object.values(error)).not.toContain("hunter2");
    expect(error).toMatchObject({ message: "vault: no.", provider: "vault", key: undefined });
  });
});

it("a read out of time says how long it had", () => {
  const { kind, error } = timeoutFailure(inMemory({}, "vault"), "A", 50);
  expect(kind).toBe("unavailable");
  expect(error).toMatchObject({ code: "timeout", key: "A", provider: "vault", retryable: true });
  expect(error.message).toContain('vault: reading "A" did not end within 50 ms.');
  expect(timeoutFailure(inMemory({}, "vault"), undefined, 50).error.message).toContain("listing the secrets");
});
