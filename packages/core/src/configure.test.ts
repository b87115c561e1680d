import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";
import { createRuntime, listProviders } from "./configure.ts";
import { createSecrets } from "./create-secrets.ts";
import { inMemory } from "./providers/in-memory.ts";

const vault = inMemory({}, "azure-key-vault(https://my.vault.example)");

/** What a program without types may pass. */
function refusal(options: object): string {
  try {
    Reflect.apply(createSecrets, undefined, [{ providers: [vault], ...options }]);
  } catch (error) {
    expect(error).toMatchObject({ name: "SecretError", code: "misconfigured" });
    return error instanceof Error ? error.message : "";
  }
  throw new Error("the options were accepted");
}

describe("without options", () => {
  it("the documented defaults hold", () => {
    const runtime = createRuntime({ providers: [vault] });
    expect(runtime).toMatchObject({
      clock: systemClock,
      random: Math.random,
      cache: {
        ttlMs: 300_000,
        absentTtlMs: 10_000,
        maxStaleMs: 3_600_000,
        staleRetryMs: 5_000,
        maxEntries: 10_000,
      },
      retry: { attempts: 3, baseMs: 200, capMs: 2_000 },
      poll: { intervalMs: 60_000, jitter: 0.2, concurrency: 16 },
      deadlineMs: 10_000,
      emit: undefined,
    });
    expect(runtime.continueOn.size).toBe(0);
  });
});

describe("options", () => {
  it("replace one default each, and undefined replaces none", () => {
    const retryOptions: object = { attempts: undefined };
    const { cache, retry } = createRuntime({
      providers: [vault],
      cache: { ttlMs: 0, maxStaleMs: Number.POSITIVE_INFINITY },
      retry: retryOptions,
    });
    expect(cache).toMatchObject({ ttlMs: 0, maxStaleMs: Number.POSITIVE_INFINITY, absentTtlMs: 10_000 });
    expect(retry.attempts).toBe(3);
  });

  it("turn the cache off, but for its bound", () => {
    const { cache } = createRuntime({ providers: [vault], cache: false });
    expect(cache).toEqual({ ttlMs: 0, absentTtlMs: 0, maxStaleMs: 0, staleRetryMs: 0, maxEntries: 10_000 });
  });

  const least: Record<string, number> = {
    "cache.ttlMs": 0,
    "cache.absentTtlMs": 0,
    "cache.maxStaleMs": 0,
    "cache.staleRetryMs": 0,
    "cache.maxEntries": 1,
    "retry.attempts": 1,
    "retry.baseMs": 0,
    "retry.capMs": 0,
    "poll.intervalMs": 1,
    "poll.jitter": 0,
    "poll.concurrency": 1,
    deadlineMs: 1,
  };

  it.each(Object.entries(least))("%s takes a number from %i up", (option, atLeast) => {
    expect(() => createRuntime({ providers: [vault], ...nest(option, atLeast) })).not.toThrow();
    for (const bad of [atLeast - 1, Number.NaN, "5", null, true, {}]) {
      const message = refusal(nest(option, bad));
      expect(message).toContain(`createSecrets: ${option} is `);
      expect(message).toContain(`it takes a number from ${atLeast}`);
    }
  });

  it("take no jitter of more than the whole interval, which would poll without a pause", () => {
    expect(refusal({ poll: { jitter: 1.5 } })).toBe(
      "createSecrets: poll.jitter is 1.5; it takes a number from 0 to 1.",
    );
  });

  it.each(["cache", "retry", "poll"])("%s takes an object with names that exist", (section) => {
    expect(refusal({ [section]: { ttl: 5 } })).toMatch(
      `createSecrets: ${section}.ttl is no option; there are: `,
    );
    for (const bad of [null, true, 5]) expect(refusal({ [section]: bad })).toContain(`${section} is `);
  });

  it("take kinds of failure that exist", () => {
    expect(refusal({ continueOn: ["unavailable", "denyed"] })).toBe(
      'createSecrets: continueOn has "denyed"; it takes denied, unavailable, throttled, invalid, unknown.',
    );
  });

  it("take functions where they are called", () => {
    expect(refusal({ onEvent: "log" })).toContain("onEvent");
    expect(refusal({ random: 0.5 })).toContain("random");
    expect(refusal({ clock: Date })).toContain("clock");
    expect(refusal({ clock: null })).toContain("clock");
  });
});

describe("a program without types", () => {
  it("hears of an option that does not exist", () => {
    expect(refusal({ deadline: 5_000 })).toBe(
      "createSecrets: deadline is no option; there are: providers, continueOn, cache, deadlineMs, retry, poll, onEvent, clock, random.",
    );
  });

  it.each([[undefined], [null], ["dotenv"], [[vault]]])(
    "hears that it takes an object, not %s",
    (options) => {
      expect(() => Reflect.apply(createSecrets, undefined, [options])).toThrow(
        expect.objectContaining({ code: "misconfigured" }),
      );
    },
  );
});

describe("providers", () => {
  it("stand there once each, because a provider is watched and closed once", () => {
    expect(refusal({ providers: { main: vault, spare: vault } })).toBe(
      'createSecrets: the providers "main" and "spare" are the same object; make one for each, or name it once.',
    );
  });

  it("in a list are called by their names up to the parenthesis", () => {
    const plain = inMemory();
    expect(listProviders({ providers: [vault, plain] })).toEqual([
      ["azure-key-vault", vault],
      ["in-memory", plain],
    ]);
  });

  it("in an object are called by their keys", () => {
    expect(listProviders({ providers: { prod: vault, test: inMemory() } }).map(([id]) => id)).toEqual([
      "prod",
      "test",
    ]);
  });

  it.each([[[]], [{}], [undefined], [null]])("are needed: %j is none", (providers) => {
    expect(refusal({ providers })).toContain("at least one provider");
  });

  it("are objects, not the functions that make them", () => {
    expect(refusal({ providers: [inMemory] })).toContain("did you pass the function instead of its result?");
    expect(refusal({ providers: { prod: inMemory } })).toContain('"prod"');
    expect(refusal({ providers: [vault, undefined] })).toContain('"?"');
    expect(refusal({ providers: { test: { name: "test" } } })).toContain('"test"');
  });
});

function nest(option: string, value: unknown): object {
  const [section = "", name] = option.split(".");
  return { [section]: name === undefined ? value : { [name]: value } };
}
