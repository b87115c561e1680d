import { describe, expect, test } from "vitest";
import { memoryHarness } from "../test/memory-harness.ts";
import {
  BrokenPromise,
  checkPromise,
  type Harness,
  HarnessFault,
  providerPromises,
  type Session,
} from "./index.ts";

function promise(id: string) {
  const found = providerPromises.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no promise ${id}`);
  return found;
}

/** The memory harness with sessions that are not what they should be. */
function altered(change: (session: Session) => Session): Harness {
  const harness = memoryHarness();
  return { ...harness, open: async () => change(await harness.open()) };
}

describe("checkPromise", () => {
  test("says which promise broke, what happened and what to do, without the value", async () => {
    let seeded = "";
    const harness = memoryHarness((intact, store) => ({
      ...intact,
      readSecret: async () => {
        seeded = [...store.secrets.values()].flat().at(-1)?.value ?? "";
        throw new Error(`the body was ${seeded}`);
      },
    }));
    const verdict = await checkPromise(promise("found-is-exact"), harness);
    if (verdict.status !== "broken") throw new Error(`the verdict is ${verdict.status}`);
    const { error } = verdict;
    expect(error).toBeInstanceOf(BrokenPromise);
    expect(error.id).toBe("found-is-exact");
    expect(error.message).toContain(
      'The promise "found-is-exact" is broken: a secret that the store holds is found',
    );
    expect(error.message).toContain("it rejected with Error: the body was [the value of CONFORMANCE_A]");
    expect(error.message).toContain("What to do: Return { value }");
    expect(seeded).toMatch(/^canary-/);
    expect(error.stack).not.toContain(seeded);
    expect(error.cause).toBeUndefined();
  });

  test("does not ask what the store cannot do, and passes the reason on", async () => {
    const harness = memoryHarness(undefined, { deny: "everybody may read it" });
    const verdict = await checkPromise(promise("denial-is-thrown"), harness);
    expect(verdict).toEqual({ status: "skipped", reason: "everybody may read it" });
  });

  test("skips where every one of several capabilities is lacking", async () => {
    const lacks = {
      deny: "no identities",
      outage: "no network",
      throttle: "no limits",
      corrupt: "no answers",
    };
    const verdict = await checkPromise(
      promise("failures-are-not-remembered"),
      memoryHarness(undefined, lacks),
    );
    expect(verdict).toEqual({
      status: "skipped",
      reason: "no identities; no network; no limits; no answers",
    });
  });

  test("skips what an optional member of the provider would have to be there for", async () => {
    const harness = memoryHarness(({ readAll: _, ...rest }) => rest);
    const verdict = await checkPromise(promise("listing-agrees"), harness);
    expect(verdict).toEqual({ status: "skipped", reason: "the provider has no readAll" });
  });

  test("takes a provider with nothing but the required members", async () => {
    const harness = memoryHarness(({ name, readSecret }) => ({ name, readSecret }));
    for (const one of providerPromises) {
      expect(await checkPromise(one, harness), one.id).not.toMatchObject({ status: "broken" });
    }
  });

  test("disposes of every session, and closes its provider once and before that", async () => {
    const events: string[] = [];
    const harness = altered(({ provider, dispose, ...session }) => ({
      ...session,
      provider: {
        ...provider,
        close: async () => {
          events.push("close");
          await provider.close?.();
        },
      },
      dispose: async () => {
        events.push("dispose");
        await dispose();
      },
    }));
    for (const one of providerPromises) {
      events.length = 0;
      const { status } = await checkPromise(one, harness);
      if (events.length === 0) expect(status, one.id).toBe("skipped");
      const pairs = Array.from({ length: events.length / 2 }, () => ["close", "dispose"]).flat();
      expect(events, one.id).toEqual(pairs);
    }
  });
});

describe("a harness at fault is told apart from a provider at fault", () => {
  test("a capability is missing and no reason is given", async () => {
    const harness = altered(({ deny: _, ...session }) => session);
    await expect(checkPromise(promise("denial-is-thrown"), harness)).rejects.toThrow(
      new HarnessFault(
        "The harness has no deny() and does not say why. " +
          'Add it to the session, or say in `lacks["deny"]` why the store cannot do this.',
      ),
    );
  });

  test("a method throws", async () => {
    const harness = altered((session) => ({
      ...session,
      seed: () => Promise.reject(new Error("disk full")),
    }));
    await expect(checkPromise(promise("found-is-exact"), harness)).rejects.toThrow(
      new HarnessFault("The harness's seed() failed: Error: disk full"),
    );
  });

  test("seed returns no version though the store has versions", async () => {
    const harness = altered((session) => ({ ...session, seed: async () => undefined }));
    await expect(checkPromise(promise("versions-are-pinned"), harness)).rejects.toThrow(
      /returned no version/,
    );
  });
});
