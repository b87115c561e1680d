import { describe, expect, it } from "vitest";
import { isSecretError } from "../errors.ts";
import { inMemory } from "./in-memory.ts";

const signal = new AbortController().signal;

describe("inMemory", () => {
  it("has what it was given, an empty string included, and nothing else", async () => {
    const provider = inMemory({ A: "one", EMPTY: "" });
    expect(await provider.readSecret("A", { signal })).toMatchObject({ value: "one", version: "1" });
    expect(await provider.readSecret("EMPTY", { signal })).toMatchObject({ value: "" });
    for (const absent of ["B", "__proto__", "constructor"])
      expect(await provider.readSecret(absent, { signal })).toBe(undefined);
  });

  it("keeps earlier versions and counts them from 1", async () => {
    const provider = inMemory({ A: "one" });
    provider.set("A", "two");
    const [first, second, latest] = await Promise.all([
      provider.readSecret("A", { signal, version: "1" }),
      provider.readSecret("A", { signal, version: "2" }),
      provider.readSecret("A", { signal }),
    ]);
    expect(first).toMatchObject({ value: "one", version: "1" });
    expect(second).toMatchObject({ value: "two", version: "2" });
    expect(latest).toBe(second);
    expect(second?.createdAt).toBe(first?.createdAt);
    expect(await provider.readSecret("A", { signal, version: "3" })).toBe(undefined);
  });

  it("forgets what is deleted, all versions of it", async () => {
    const provider = inMemory({ A: "one" });
    provider.delete("A");
    expect(await provider.readSecret("A", { signal })).toBe(undefined);
    expect(await provider.readSecret("A", { signal, version: "1" })).toBe(undefined);
  });

  it("tells of changes until the watch ends", () => {
    const provider = inMemory();
    const watching = new AbortController();
    const changed: (string | undefined)[] = [];
    provider.watch?.((key) => changed.push(key), { signal: watching.signal });
    provider.set("A", "one");
    provider.delete("A");
    watching.abort();
    provider.set("B", "two");
    expect(changed).toEqual(["A", "A"]);
  });

  it("rejects when the wait is over, and after its close", async () => {
    const provider = inMemory({ A: "one" }, "mine");
    const reason = new Error("enough");
    await expect(provider.readSecret("A", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await provider.close?.();
    const error = await provider.readSecret("A", { signal }).catch((thrown: unknown) => thrown);
    expect(isSecretError(error) && error.code).toBe("closed");
    expect(error).toHaveProperty("message", "mine is closed.");
  });
});
