import { describe, expect, it } from "vitest";
import { FakeStore, StoreFailure } from "../test/fake-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretProvider } from "./provider.ts";
import { inMemory } from "./providers/in-memory.ts";

function atTime(now: () => number) {
  return { now, after: () => () => undefined };
}

/** Fails while `broken` says so. */
function breakable(): SecretProvider & { broken: boolean } {
  const store = inMemory({ A: "one" });
  const provider = {
    name: "vault(https://my.vault.example)",
    broken: false,
    readSecret: (...[key, context]: Parameters<SecretProvider["readSecret"]>) => {
      if (provider.broken) throw new Error("hunter2");
      return store.readSecret(key, context);
    },
    classify: () => "denied" as const,
  };
  return provider;
}

describe("health", () => {
  it("is unknown before the first read, and asks no store", async () => {
    const provider = breakable();
    provider.broken = true;
    await using secrets = createSecrets({ providers: [provider] });
    expect(secrets.health()).toEqual({
      status: "unknown",
      providers: [{ id: "vault", name: provider.name, status: "unknown" }],
    });
  });

  it("follows the last read of each provider, with times and the code of the failure", async () => {
    const provider = breakable();
    let now = 1_000;
    const clock = atTime(() => now);
    await using secrets = createSecrets({ providers: { main: provider }, clock, cache: false });
    await secrets.get("A");
    expect(secrets.health()).toEqual({
      status: "ok",
      providers: [{ id: "main", name: provider.name, status: "ok", lastSuccessAt: new Date(1_000) }],
    });

    now = 2_000;
    provider.broken = true;
    await expect(secrets.get("A")).rejects.toThrow();
    const failed = {
      lastFailureAt: new Date(2_000),
      lastFailureCode: "denied",
    };
    expect(secrets.health()).toMatchObject({
      status: "failing",
      providers: [{ status: "failing", lastSuccessAt: new Date(1_000), ...failed }],
    });
    expect(JSON.stringify(secrets.health())).not.toContain("hunter2");

    now = 3_000;
    provider.broken = false;
    await secrets.get("A");
    expect(secrets.health()).toMatchObject({
      status: "ok",
      providers: [{ status: "ok", lastSuccessAt: new Date(3_000), ...failed }],
    });
  });

  it("takes an absent secret for an answer of a store that works", async () => {
    await using secrets = createSecrets({ providers: [inMemory()] });
    await secrets.find("A");
    expect(secrets.health().status).toBe("ok");
  });

  it("is failing when one provider of several is, and ok when the others were not asked", async () => {
    const broken = breakable();
    const providers = { first: inMemory({ B: "two" }), second: broken };
    await using secrets = createSecrets({ providers });
    await secrets.get("B");
    expect(secrets.health()).toMatchObject({
      status: "ok",
      providers: [{ status: "ok" }, { status: "unknown" }],
    });
    broken.broken = true;
    await expect(secrets.get("A")).rejects.toThrow();
    expect(secrets.health()).toMatchObject({
      status: "failing",
      providers: [{ status: "ok" }, { status: "failing" }],
    });
  });

  it("goes by the order of reads, also within one millisecond", async () => {
    const provider = breakable();
    await using secrets = createSecrets({ providers: [provider], clock: atTime(() => 5), cache: false });
    provider.broken = true;
    await expect(secrets.get("A")).rejects.toThrow();
    provider.broken = false;
    await secrets.get("A");
    expect(secrets.health().status).toBe("ok");
  });
});

it("is failing while stale values stand in for a store that is down", async () => {
  const store = new FakeStore({ A: "one" });
  const clock = new TestClock();
  const cache = { ttlMs: 1_000 };
  const secrets = createSecrets({ providers: [store], clock, cache, retry: { attempts: 1 } });
  await secrets.get("A");
  store.failure = new StoreFailure("unavailable");
  await clock.advance(1_000);
  expect((await secrets.read("A")).stale).toBe(true);
  expect(secrets.health()).toMatchObject({ status: "failing", providers: [{ status: "failing" }] });
});
