import { describe, expectTypeOf, it } from "vitest";
import {
  chain,
  createSecrets,
  type FailureKind,
  inMemory,
  isSecretError,
  mapped,
  prefixed,
  type Secret,
  type SecretError,
  type SecretErrorCode,
  type SecretEvent,
  type SecretProvider,
  type SecretReading,
  type Secrets,
  type SecretsOptions,
  type secretErrorCodes,
} from "./index.ts";

declare const secrets: Secrets;
declare const provider: SecretProvider;

describe("reads", () => {
  it("tell a value from an absence by their type", () => {
    expectTypeOf(secrets.get("A")).resolves.toBeString();
    expectTypeOf(secrets.find("A")).resolves.toEqualTypeOf<string | undefined>();
    expectTypeOf(secrets.read("A")).resolves.toEqualTypeOf<Secret>();
    expectTypeOf(secrets.getter("A")).toEqualTypeOf<() => Promise<string>>();
    expectTypeOf(secrets.getter("A")).toExtend<() => string | Promise<string>>();
  });

  it("take a signal or undefined", () => {
    expectTypeOf(secrets.get).toBeCallableWith("A", { signal: undefined });
    expectTypeOf(secrets.get).toBeCallableWith("A", { signal: new AbortController().signal });
    // @ts-expect-error: a deadline belongs to the manager
    void secrets.get("A", { deadlineMs: 5 });
  });

  it("of several have exactly the keys that were asked for", () => {
    expectTypeOf(secrets.getMany(["A", "os.environ/B"])).resolves.toEqualTypeOf<
      Record<"A" | "os.environ/B", string>
    >();
    const names = ["A", "B"] as const;
    expectTypeOf(secrets.getMany(names)).resolves.toEqualTypeOf<Record<"A" | "B", string>>();
    const computed: string[] = [];
    expectTypeOf(secrets.getMany(computed)).resolves.toEqualTypeOf<Record<string, string>>();
    expectTypeOf(secrets.getMany(["A"])).resolves.not.toHaveProperty("B");
  });

  it("of a configuration keep its type", () => {
    interface Config {
      readonly models: readonly { readonly name: string; readonly key?: string }[];
      readonly port: number;
      readonly started: Date;
    }
    expectTypeOf(secrets.resolve<Config>).returns.resolves.toEqualTypeOf<Config>();
    expectTypeOf(secrets.resolve({ key: "os.environ/A", port: 5 })).resolves.toEqualTypeOf<{
      key: string;
      port: number;
    }>();
    expectTypeOf(secrets.resolve(["os.environ/A"])).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(secrets.resolve({} as unknown)).resolves.toBeUnknown();
  });

  it("of a secret reveal a string and nothing else", () => {
    expectTypeOf<Secret>().not.toExtend<string>();
    expectTypeOf<Secret["reveal"]>().returns.toBeString();
    expectTypeOf<Secret>().not.toHaveProperty("value");
    expectTypeOf<Secret["version"]>().toEqualTypeOf<string | undefined>();
  });
});

describe("createSecrets", () => {
  it("takes providers as a list and as an object", () => {
    expectTypeOf(createSecrets).returns.toEqualTypeOf<Secrets>();
    expectTypeOf(createSecrets).toBeCallableWith({ providers: [provider, inMemory()] });
    expectTypeOf(createSecrets).toBeCallableWith({ providers: [provider] as const });
    expectTypeOf(createSecrets).toBeCallableWith({ providers: { vault: provider, test: inMemory() } });
    // @ts-expect-error: without providers there is nothing to read
    createSecrets({});
    // @ts-expect-error: the function instead of its result
    createSecrets({ providers: [inMemory] });
    // @ts-expect-error: a misspelt option
    createSecrets({ providers: [provider], cache: { ttl: 5 } });
    // @ts-expect-error: a kind that does not exist
    createSecrets({ providers: [provider], continueOn: ["not_found"] });
  });

  it("takes part of a policy, or no cache", () => {
    expectTypeOf<{ ttlMs: number }>().toExtend<NonNullable<SecretsOptions["cache"]>>();
    expectTypeOf<false>().toExtend<NonNullable<SecretsOptions["cache"]>>();
    expectTypeOf<true>().not.toExtend<NonNullable<SecretsOptions["cache"]>>();
  });

  it("makes something that `await using` disposes of", () => {
    expectTypeOf<Secrets>().toExtend<AsyncDisposable>();
  });
});

describe("events", () => {
  it("are told apart by their type", () => {
    expectTypeOf<Extract<SecretEvent, { type: "stale" }>["ageMs"]>().toBeNumber();
    expectTypeOf<Extract<SecretEvent, { type: "failed" }>["code"]>().toEqualTypeOf<SecretErrorCode>();
    expectTypeOf<Extract<SecretEvent, { type: "collision" }>>().toHaveProperty("otherKey");
  });

  it("of no type hold a value or an error", () => {
    type Names<T> = T extends unknown ? keyof T : never;
    expectTypeOf<Names<SecretEvent>>()
      .exclude<"type" | "provider" | "key" | "otherKey" | "version">()
      .toEqualTypeOf<"durationMs" | "ageMs" | "code" | "reason">();
  });
});

describe("errors", () => {
  it("are narrowed by isSecretError, with a closed list of codes", () => {
    const thrown: unknown = undefined;
    if (isSecretError(thrown)) expectTypeOf(thrown).toEqualTypeOf<SecretError>();
    expectTypeOf<(typeof secretErrorCodes)[number]>().toEqualTypeOf<SecretErrorCode>();
    expectTypeOf<SecretErrorCode>().not.toEqualTypeOf<string>();
    expectTypeOf<Exclude<FailureKind, SecretErrorCode>>().toBeNever();
  });
});

describe("providers", () => {
  it("need a name and one method", () => {
    type Required = "name" | "readSecret";
    expectTypeOf<Pick<SecretProvider, Required>>().toExtend<SecretProvider>();
    expectTypeOf<Pick<SecretProvider, "readSecret">>().not.toExtend<SecretProvider>();
    expectTypeOf<{ value: string }>().toExtend<SecretReading>();
    expectTypeOf<{ value: number }>().not.toExtend<SecretReading>();
    expectTypeOf<{ value: Uint8Array }>().not.toExtend<SecretReading>();
  });

  it("made of providers are providers", () => {
    expectTypeOf(chain).returns.toEqualTypeOf<SecretProvider>();
    expectTypeOf(prefixed).returns.toEqualTypeOf<SecretProvider>();
    expectTypeOf(mapped).toBeCallableWith(provider, { A: "b" });
    expectTypeOf(mapped).toBeCallableWith(provider, (key) => key.toUpperCase());
    expectTypeOf(inMemory()).toExtend<SecretProvider>();
  });
});
