import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { isSecretError, SecretError, secretErrorCodes } from "./errors.ts";

const denied = new SecretError({
  code: "denied",
  message: "vault: no.",
  key: "API_KEY",
  provider: "vault",
  reason: "role-missing",
  retryAfterMs: 3,
});

describe("SecretError", () => {
  it("is recognised across two copies of the module, by brand and not by class", async () => {
    vi.resetModules();
    const copy = await import("./errors.ts");
    const foreign = new copy.SecretError({ code: "unknown", message: "x" });
    expect(copy.SecretError).not.toBe(SecretError);
    expect(foreign).not.toBeInstanceOf(SecretError);
    expect(isSecretError(foreign)).toBe(true);
    expect(copy.isSecretError(denied)).toBe(true);
  });

  it("is not mistaken for anything else", () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const others = [undefined, null, 0, "SecretError", () => undefined, {}, new Error("x"), denied.toJSON()];
    for (const other of [...others, structuredClone(denied), revoked.proxy])
      expect(isSecretError(other)).toBe(false);
  });

  it("is an Error with a stack that begins with its name and message", () => {
    expect(denied).toBeInstanceOf(Error);
    expect(denied.stack).toMatch(/^SecretError: vault: no\.\n\s+at /);
    expect(String(denied)).toBe("SecretError: vault: no.");
    expect(denied.name).toBe("SecretError");
  });

  it("has no cause", () => {
    expect("cause" in denied).toBe(false);
  });

  it.each(secretErrorCodes)("says whether %s may pass by itself", (code) => {
    const passing = ["unavailable", "throttled", "timeout"];
    expect(new SecretError({ code, message: "x" }).retryable).toBe(passing.includes(code));
  });

  it("becomes JSON with all that it says", () => {
    expect(JSON.parse(JSON.stringify(denied))).toEqual({
      name: "SecretError",
      code: "denied",
      message: "vault: no.",
      key: "API_KEY",
      provider: "vault",
      reason: "role-missing",
      retryAfterMs: 3,
      retryable: false,
    });
  });

  it("becomes JSON with its problems", () => {
    const problems = [{ path: "models[0].api_key", error: denied }];
    const error = new SecretError({ code: "unresolved", message: "1 reference", problems });
    expect(error.problems).toBe(problems);
    expect(error.toJSON()).toMatchObject({
      code: "unresolved",
      problems: [{ path: "models[0].api_key", error: { code: "denied", key: "API_KEY" } }],
    });
    expect(denied.problems).toEqual([]);
    expect(denied.toJSON()).not.toHaveProperty("problems");
  });

  it("shows its code, key and provider when inspected", () => {
    const text = inspect(denied);
    expect(text).toContain("SecretError: vault: no.");
    for (const part of ["code: 'denied'", "key: 'API_KEY'", "provider: 'vault'", "reason: 'role-missing'"])
      expect(text).toContain(part);
  });
});
