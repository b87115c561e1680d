import { describe, expect, it, vi } from "vitest";
import { createSecrets } from "../create-secrets.ts";
import type { SecretEvent } from "../events.ts";
import type { SecretProvider } from "../provider.ts";
import { derive } from "./derive.ts";
import { inMemory } from "./in-memory.ts";
import { mapped, prefixed } from "./mapped.ts";

const store = { "team-a-openai": "mapped", "prod-KEY": "prefixed", KEY: "plain", own: "inherited" };

async function found(provider: SecretProvider, ...keys: string[]): Promise<(string | undefined)[]> {
  await using secrets = createSecrets({ providers: [provider] });
  return await Promise.all(keys.map((key) => secrets.find(key)));
}

describe("mapped", () => {
  it("reads listed names under their other names, and the rest as they are", async () => {
    const provider = mapped(inMemory(store), { OPENAI_API_KEY: "team-a-openai" });
    expect(await found(provider, "OPENAI_API_KEY", "KEY", "NONE")).toEqual(["mapped", "plain", undefined]);
  });

  it("looks at the object's own names only", () => {
    const names: Record<string, string> = Object.create({ toString: "own" });
    expect(mapped(inMemory(store), names).storeKey?.("toString")).toBe("toString");
    expect(mapped(inMemory(store), {}).storeKey?.("constructor")).toBe("constructor");
  });

  it("takes a function", async () => {
    const provider = mapped(inMemory(store), (key) => key.toUpperCase());
    expect(await found(provider, "key")).toEqual(["plain"]);
  });

  it("maps before the store spells", () => {
    const vault: SecretProvider = { ...inMemory(), storeKey: (key) => key.replaceAll("_", "-") };
    expect(mapped(vault, { A: "B_C" }).storeKey?.("A")).toBe("B-C");
    expect(prefixed(prefixed(vault, "in_"), "out_").storeKey?.("A_B")).toBe("in-out-A-B");
  });

  it("finds mapped names in a listing", async () => {
    const listing = new Map([["team-a-openai", { value: "listed" }]]);
    const provider = mapped({ ...inMemory(), readAll: async () => listing }, { A: "team-a-openai" });
    expect(await found(provider, "A")).toEqual(["listed"]);
  });

  it("lets two names that meet in one secret be reported", async () => {
    const events: SecretEvent[] = [];
    const provider = mapped(inMemory(store), { A: "KEY" });
    await using secrets = createSecrets({ providers: [provider], onEvent: (event) => events.push(event) });
    expect(await secrets.getMany(["A", "KEY"])).toEqual({ A: "plain", KEY: "plain" });
    expect(events.filter(({ type }) => type === "collision")).toEqual([
      { type: "collision", provider: "mapped(in-memory)", key: "KEY", otherKey: "A" },
    ]);
  });
});

describe("prefixed", () => {
  it("puts the prefix in front of every name", async () => {
    const provider = prefixed(inMemory(store), "prod-");
    expect(await found(provider, "KEY", "prod-KEY")).toEqual(["prefixed", undefined]);
  });

  it("hears of a change under the store's name", async () => {
    const provider = inMemory(store);
    await using secrets = createSecrets({ providers: [prefixed(provider, "prod-")] });
    const seen: string[] = [];
    secrets.subscribe("KEY", (secret) => seen.push(secret.reveal()));
    await vi.waitFor(() => expect(seen).toEqual(["prefixed"]));
    provider.set("prod-KEY", "rotated");
    await vi.waitFor(() => expect(seen).toEqual(["prefixed", "rotated"]));
  });
});

describe("a derived provider", () => {
  it("has the capabilities of the other one and no more", () => {
    const bare: SecretProvider = { name: "bare", readSecret: async () => undefined };
    expect(Object.keys(derive(bare, {})).sort()).toEqual(["name", "readSecret"]);
    const whole: Required<SecretProvider> = {
      ...bare,
      storeKey: (key) => key,
      classify: () => "denied",
      readAll: async () => new Map(),
      watch: () => undefined,
      close: async () => undefined,
    };
    expect(Object.keys(derive(whole, {})).sort()).toEqual(Object.keys(whole).sort());
  });

  it("calls methods on the provider that they belong to", async () => {
    class Vault implements SecretProvider {
      readonly name = "vault";
      #closed = false;
      async readSecret(key: string) {
        return { value: `${key}:${this.#closed}` };
      }
      storeKey(key: string) {
        return `${key}:${this.name}`;
      }
      classify() {
        return this.#closed ? "denied" : "invalid";
      }
      async readAll() {
        return new Map([["a", await this.readSecret("a")]]);
      }
      watch(onChange: (key?: string) => void) {
        onChange(this.name);
      }
      async close() {
        this.#closed = true;
      }
    }
    const provider = derive(new Vault(), { name: "other" });
    const { signal } = new AbortController();
    const changed = vi.fn();
    provider.watch?.(changed, { signal });
    await provider.close?.();
    expect(provider.name).toBe("other");
    expect(await provider.readSecret("a", { signal })).toEqual({ value: "a:true" });
    expect(await provider.readAll?.({ signal })).toEqual(new Map([["a", { value: "a:true" }]]));
    expect(provider.storeKey?.("a")).toBe("a:vault");
    expect(provider.classify?.(undefined)).toBe("denied");
    expect(changed).toHaveBeenCalledExactlyOnceWith("vault");
  });
});
