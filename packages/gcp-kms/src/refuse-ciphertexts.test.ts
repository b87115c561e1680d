import { inspect } from "node:util";
import { createSecrets, inMemory, type SecretProvider } from "@keyward/core";
import { describe, expect, test, vi } from "vitest";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { refuseCiphertexts } from "./refuse-ciphertexts.ts";

const { signal } = new AbortController();

describe("a store behind gcpKms", () => {
  test("fails instead of handing out a ciphertext that gcpKms has not seen", async () => {
    await using kms = await openKms();
    const sealed = kms.seal("canary");
    const behind = refuseCiphertexts(
      inMemory({ SEALED: sealed, QUOTED: `"${sealed}`, PLAIN: "plain", EMPTY: "" }),
    );
    await using secrets = createSecrets({ providers: [behind] });
    for (const name of ["SEALED", "QUOTED"]) {
      const error = await secretErrorOf(secrets.get(name));
      expect(error).toMatchObject({ code: "invalid", reason: "ciphertext-not-decrypted", key: name });
      expect(inspect(error) + JSON.stringify(error)).not.toContain(sealed.slice(0, 12));
    }
    await expect(secrets.get("PLAIN")).resolves.toBe("plain");
    await expect(secrets.get("EMPTY")).resolves.toBe("");
    await expect(secrets.find("ABSENT")).resolves.toBeUndefined();
  });

  test("stays what it is otherwise, and is read key by key", async () => {
    const failure = new Error("its own");
    const store = {
      name: "store",
      readSecret: vi.fn(async (key: string) => ({ value: key, version: "7" })),
      storeKey: (key: string) => key.toLowerCase(),
      classify: (error: unknown) => (error === failure ? ("throttled" as const) : undefined),
      readAll: async () => new Map(),
      watch: vi.fn(),
      close: vi.fn(async () => {}),
    } satisfies SecretProvider;
    const behind = refuseCiphertexts(store);
    await expect(behind.readSecret("a", { signal, version: "7" })).resolves.toEqual({
      value: "a",
      version: "7",
    });
    expect(store.readSecret).toHaveBeenCalledWith("a", { signal, version: "7" });
    expect(behind.name).toBe("store");
    expect(behind.storeKey?.("A")).toBe("a");
    expect(behind.classify?.(failure)).toBe("throttled");
    expect(behind.readAll).toBeUndefined();
    behind.watch?.(() => {}, { signal });
    await behind.close?.();
    expect(store.watch).toHaveBeenCalledOnce();
    expect(store.close).toHaveBeenCalledOnce();
    const bare = refuseCiphertexts({ name: "bare", readSecret: async () => undefined });
    expect(Object.keys(bare).sort()).toEqual(["classify", "name", "readSecret"]);
  });
});
