import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otherFailures, sdkError } from "../test/leaky-store.ts";
import { TestClock } from "../test/test-clock.ts";
import { Witness } from "../test/witness.ts";
import { createSecrets } from "./create-secrets.ts";
import { SecretError } from "./errors.ts";
import type { FailureKind, SecretProvider } from "./provider.ts";
import { chain } from "./providers/chain.ts";
import { inMemory } from "./providers/in-memory.ts";
import { mapped } from "./providers/mapped.ts";
import type { Secrets, SecretsOptions } from "./secrets.ts";

const canary = 'Canary/7f"3a+ü?b\\9c';
let witness: Witness;
let clock: TestClock;

beforeEach(() => {
  witness = new Witness(canary);
  witness.listen();
  clock = new TestClock();
});

afterEach(() => witness.leave());

/** Secrets whose events are all seen, and whose hook fails in the worst way. */
function open(providers: SecretsOptions["providers"], options: Partial<SecretsOptions> = {}): Secrets {
  const onEvent: SecretsOptions["onEvent"] = (event) => {
    witness.see(`event ${event.type}`, event);
    throw sdkError(canary);
  };
  return createSecrets({ providers, clock, onEvent, ...options });
}

/** Goes through every public method; what they answer or throw is seen, but for what is the value by promise. */
async function callEverything(secrets: Secrets, reference: string): Promise<void> {
  const aborted = AbortSignal.abort(sdkError(canary));
  const impatience = new AbortController();
  const listener = (secret: unknown) => {
    witness.see("subscribe", secret);
    throw sdkError(canary);
  };
  const unsubscribe = secrets.subscribe(reference, listener);
  secrets.subscribe(reference, async (secret) => listener(secret));
  const calls = [
    secrets.get(reference),
    secrets.find(reference),
    secrets.read(reference).then((secret) => witness.see("read", secret)),
    secrets.getter(reference)(),
    secrets.getMany([reference, "ANOTHER"]),
    secrets.resolve({ a: [reference, `Bearer ${reference}`] }),
    secrets.get(reference, { signal: aborted }),
    secrets.get(reference, { signal: impatience.signal }),
  ];
  impatience.abort(sdkError(canary));
  const settled = Promise.allSettled(calls);
  await clock.advance(100_000);
  for (const result of await settled) {
    if (result.status === "rejected") witness.see("rejection", result.reason);
  }
  witness.see("getter", secrets.getter(reference));
  witness.see("health", secrets.health());
  witness.see("secrets", secrets);
  secrets.invalidate(reference);
  secrets.invalidate();
  unsubscribe();
  await secrets.close();
  await secrets.get(reference).catch((error: unknown) => witness.see("rejection after close", error));
  witness.see("secrets after close", secrets);
  await clock.advance(100_000);
  await nextTurn();
}

describe("the witness", () => {
  it("finds the canary wherever an SDK's error has it", () => {
    const { message, name, stack, cause } = sdkError(canary);
    for (const [place, thing] of Object.entries({ message, name, stack, cause, whole: sdkError(canary) })) {
      const fresh = new Witness(canary);
      fresh.see(place, thing);
      expect(fresh.findings.join()).toContain(place);
    }
    witness.see("error", Object.assign(new Error("clean", { cause: { deep: [canary] } }), {}));
    expect(witness.findings).toContain("error.cause.deep.0");
  });

  it("hears the console and what nobody caught", async () => {
    console.error({ canary });
    process.stderr.write(`${canary}\n`);
    void Promise.reject(sdkError(canary));
    await nextTurn();
    await nextTurn();
    expect(witness.findings.join()).toMatch(/console\.error.*process\.stderr.*an unhandledRejection/s);
  });
});

describe("a value that is read comes out nowhere but where it is promised", () => {
  const json = JSON.stringify({ password: canary, port: 5432 });
  const values: Record<string, string> = { KEY: canary, ANOTHER: canary, db: json };

  it.each([
    "KEY",
    "os.environ/KEY",
    "secret://in-memory/KEY",
    "secret://in-memory/KEY?version=1",
    "secret://in-memory/db#/password",
  ])("through %s", async (reference) => {
    const secrets = open([inMemory(values)]);
    expect(await secrets.get(reference)).toBe(canary);
    await callEverything(secrets, reference);
    expect(witness.findings).toEqual([]);
  });

  it.each([
    "secret://in-memory/KEY#/a",
    "secret://in-memory/db#/a",
    "secret://in-memory/db#/port",
    "secret://in-memory/db#/password/a",
  ])("through %s, which points at nothing", async (reference) => {
    await callEverything(open([inMemory(values)]), reference);
    expect(witness.findings).toEqual([]);
  });

  it("where the value is itself a reference", async () => {
    await callEverything(
      open([inMemory({ KEY: `secret://vault/${canary}`, ANOTHER: "x" })]),
      "os.environ/KEY",
    );
    expect(witness.findings).toEqual([]);
  });

  it("through a rotation, a listing and every provider made of providers", async () => {
    const listing: SecretProvider = {
      ...inMemory({}, "listing"),
      readAll: async () => new Map([["KEY", { value: canary }]]),
    };
    const rotating = inMemory({ KEY: "first" });
    const providers = {
      rotating,
      listing,
      chained: chain([listing, rotating]),
      mapped: mapped(rotating, { A: "KEY" }),
    };
    const secrets = open(providers);
    secrets.subscribe("KEY", (secret) => witness.see("rotated", secret));
    await clock.advance(0);
    rotating.set("KEY", canary);
    for (const name of ["listing/KEY", "chained/KEY", "mapped/A"]) await secrets.get(`secret://${name}`);
    await callEverything(secrets, "KEY");
    expect(witness.findings).toEqual([]);
  });
});

describe("an SDK's error comes out nowhere", () => {
  const tables: Record<string, SecretProvider["classify"]> = {
    "has no table": undefined,
    "does not recognise it": () => undefined,
    "throws it again": (error) => {
      throw error;
    },
  };
  for (const kind of ["denied", "unavailable", "throttled", "invalid"] satisfies FailureKind[])
    tables[`says ${kind}`] = () => kind;

  it.each(Object.entries(tables))("where the provider %s", async (_, classify) => {
    const vault = failing(() => sdkError(canary), classify);
    await callEverything(open([vault]), "KEY");
    await callEverything(open([inMemory(), vault], { continueOn: ["unavailable"] }), "KEY");
    await callEverything(open([chain([vault, inMemory()])]), "KEY");
    expect(witness.findings).toEqual([]);
  });

  it.each(Object.entries(otherFailures(canary)))("nor what else is thrown: %s", async (_, thrown) => {
    await callEverything(open([failing(() => thrown)]), "KEY");
    expect(witness.findings).toEqual([]);
  });

  it("hung onto a SecretError", async () => {
    const error = () =>
      Object.assign(new SecretError({ code: "denied", message: "no." }), {
        cause: sdkError(canary),
        request: canary,
      });
    await callEverything(open([failing(error)]), "KEY");
    expect(witness.findings).toEqual([]);
  });

  it("after a value was served, which then goes stale and is refused", async () => {
    const store = inMemory({ KEY: canary, ANOTHER: "x" });
    for (const kind of ["unavailable", "denied"] as const) {
      let down = false;
      const vault: SecretProvider = {
        name: "vault",
        readSecret: (key, context) =>
          down ? Promise.reject(sdkError(canary)) : store.readSecret(key, context),
        classify: () => kind,
      };
      const secrets = open([vault]);
      await secrets.get("KEY");
      down = true;
      await clock.advance(400_000);
      await callEverything(secrets, "KEY");
    }
    expect(witness.findings).toEqual([]);
  });

  it("when it comes late, after the deadline or the close", async () => {
    const late: ((error: unknown) => void)[] = [];
    const hanging = () => new Promise<never>((_, reject) => late.push(reject));
    const vault: SecretProvider = { name: "vault", readSecret: hanging, readAll: hanging };
    const secrets = open([vault, { name: "other", readSecret: hanging }]);
    await callEverything(secrets, "KEY");
    expect(late.length).toBeGreaterThan(0);
    for (const reject of late) reject(sdkError(canary));
    await nextTurn();
    expect(witness.findings).toEqual([]);
  });

  it("nor does an answer that breaks the contract", async () => {
    const answers: unknown[] = [
      canary,
      [canary],
      { value: [canary] },
      { value: "x", version: [canary] },
      { secret: canary },
    ];
    for (const answer of answers) {
      const vault: SecretProvider = {
        name: "vault",
        readSecret: async () => JSON.parse(JSON.stringify(answer)),
      };
      await callEverything(open([vault]), "KEY");
    }
    expect(witness.findings).toEqual([]);
  });
});

describe("after a read, redact takes the canary out of", () => {
  it("everything that an SDK's error shows", async () => {
    const secrets = open([inMemory({ KEY: canary })]);
    await secrets.get("KEY");
    const raw = inspect(sdkError(canary), { depth: null, customInspect: false, showHidden: true });
    const redacted = secrets.redact(raw);
    witness.see("raw", raw);
    expect(witness.findings).not.toEqual([]);
    const after = new Witness(canary);
    after.see("redacted", redacted);
    let streamed = "";
    const chunks = ReadableStream.from(raw.match(/.{1,3}/gs) ?? []);
    for await (const chunk of chunks.pipeThrough(secrets.redactStream())) streamed += chunk;
    after.see("streamed", streamed);
    expect(after.findings).toEqual([]);
    expect(streamed).toBe(redacted);
    await secrets.close();
    expect(secrets.redact(canary)).toBe("[secret]");
  });
});

/** A provider whose every method fails with what an SDK throws. */
function failing(thrown: () => unknown, classify?: SecretProvider["classify"]): SecretProvider {
  return {
    name: "vault",
    readSecret: async () => {
      throw thrown();
    },
    watch: () => Promise.reject(thrown()),
    close: async () => {
      throw thrown();
    },
    ...(classify && { classify }),
  };
}
