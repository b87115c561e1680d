import { describe, expect, it, vi } from "vitest";
import { isSecretError, type SecretError } from "../errors.ts";
import type { SecretProvider } from "../provider.ts";
import { chain } from "./chain.ts";
import { inMemory } from "./in-memory.ts";

const context = { signal: new AbortController().signal };

function failing(name: string, answer: ReturnType<NonNullable<SecretProvider["classify"]>>): SecretProvider {
  return {
    name,
    readSecret: async () => {
      throw new Error(`${name} says hunter2`);
    },
    classify: () => answer,
  };
}

async function failureOf(provider: SecretProvider, key = "A"): Promise<SecretError> {
  const error = await provider.readSecret(key, context).catch((thrown: unknown) => thrown);
  if (!isSecretError(error)) throw new Error("it did not fail with a SecretError");
  return error;
}

describe("a chain", () => {
  it("asks the next provider only when the one before has no such secret", async () => {
    const second = inMemory({ A: "second", B: "second", EMPTY: "second" });
    const asked = vi.spyOn(second, "readSecret");
    const provider = chain([inMemory({ A: "first", EMPTY: "" }), second]);
    expect(await provider.readSecret("A", context)).toMatchObject({ value: "first" });
    expect(await provider.readSecret("EMPTY", context)).toMatchObject({ value: "" });
    expect(asked).not.toHaveBeenCalled();
    expect(await provider.readSecret("B", context)).toMatchObject({ value: "second" });
    expect(await provider.readSecret("C", context)).toBe(undefined);
  });

  it("passes signal and version on", async () => {
    const first = inMemory({ A: "one" });
    first.set("A", "two");
    const asked = vi.spyOn(first, "readSecret");
    const withVersion = { ...context, version: "1" };
    expect(await chain([first]).readSecret("A", withVersion)).toMatchObject({ value: "one" });
    expect(asked).toHaveBeenCalledExactlyOnceWith("A", withVersion);
  });

  it("stops at a failure and says whose it is, by that provider's own table", async () => {
    const last = inMemory({ A: "unreached" });
    const asked = vi.spyOn(last, "readSecret");
    const broken = failing("vault", {
      kind: "throttled",
      reason: "quota",
      remedy: "Raise it.",
      retryAfterMs: 7,
    });
    const error = await failureOf(chain([inMemory(), broken, last]));
    expect(error).toMatchObject({
      code: "throttled",
      provider: "vault",
      reason: "quota",
      retryAfterMs: 7,
      key: "A",
    });
    expect(error.message).toBe('vault: reading "A" failed (throttled). Raise it.');
    expect(JSON.stringify(error) + error.stack).not.toContain("hunter2");
    expect(asked).not.toHaveBeenCalled();
  });

  it("goes on after the kinds of failure that the application named", async () => {
    const options = { continueOn: ["unavailable"] } as const;
    const found = chain([failing("vault", "unavailable"), inMemory({ A: "there" })], options);
    expect(await found.readSecret("A", context)).toMatchObject({ value: "there" });
    const refused = chain([failing("vault", "denied"), inMemory({ A: "there" })], options);
    expect(await failureOf(refused)).toMatchObject({ code: "denied" });
  });

  it("is not sure of an absence behind a failure: the first one passed over is thrown", async () => {
    const providers = [failing("vault-a", "unavailable"), inMemory(), failing("vault-b", "unavailable")];
    const error = await failureOf(chain(providers, { continueOn: ["unavailable"] }));
    expect(error).toMatchObject({ code: "unavailable", provider: "vault-a" });
  });

  it("asks each provider in its own spelling, and says which one cannot spell a name", async () => {
    const vault: SecretProvider = {
      ...inMemory({ "A-B": "there" }, "vault"),
      storeKey: (key) => {
        if (key.includes("!")) throw new Error("names are letters and dashes.");
        return key.replaceAll("_", "-");
      },
    };
    expect(await chain([inMemory(), vault]).readSecret("A_B", context)).toMatchObject({ value: "there" });
    const error = await failureOf(chain([inMemory(), vault]), "A!");
    expect(error).toMatchObject({ code: "invalid_name", key: "A!", provider: "vault" });
    expect(error.message).toContain("names are letters and dashes.");
  });

  it("is a chain in a chain", async () => {
    const inner = chain([failing("vault", { kind: "denied", reason: "role-missing" })]);
    const error = await failureOf(chain([inMemory(), inner]));
    expect(error).toMatchObject({ code: "denied", reason: "role-missing", provider: "vault" });
  });

  it("closes all of its providers, whatever one of them does", async () => {
    const closed: string[] = [];
    const closing = (name: string, close: () => Promise<void>): SecretProvider => ({
      ...inMemory({}, name),
      close: () => {
        closed.push(name);
        return close();
      },
    });
    const throws = () => {
      throw new Error("at once");
    };
    const noClose: SecretProvider = { name: "none", readSecret: async () => undefined };
    const providers = [closing("a", throws), noClose, closing("b", async () => undefined)];
    await expect(chain(providers).close?.()).rejects.toThrow("at once");
    expect(closed).toEqual(["a", "b"]);
  });

  it("refuses a kind of failure that does not exist", () => {
    const options = { continueOn: ["denyed"] };
    expect(() => Reflect.apply(chain, undefined, [[inMemory()], options])).toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining('"denyed"') }),
    );
  });

  it("names its members, and needs one", () => {
    expect(chain([inMemory({}, "a"), inMemory({}, "b")]).name).toBe("chain(a, b)");
    expect(() => chain([])).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});
