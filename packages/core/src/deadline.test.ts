import { expect, test } from "vitest";
import { deferred, FakeStore, StoreFailure } from "../test/fake-store.ts";
import { settle, TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";
import type { SecretsOptions } from "./secrets.ts";

function open(store: FakeStore | FakeStore[], options: Partial<SecretsOptions> = {}) {
  const clock = new TestClock();
  const providers = Array.isArray(store) ? store : [store];
  return { clock, secrets: createSecrets({ providers, clock, random: () => 1, ...options }) };
}

const never = () => new Promise<never>(() => undefined);

test("a store that never answers ends at the deadline, its signal aborted", async () => {
  const store = new FakeStore();
  store.answer = never;
  const { clock, secrets } = open(store);
  const call = secrets.get("A");
  const outcome = expect(call).rejects.toMatchObject({ code: "timeout", key: "A", retryable: true });
  await clock.advance(9_999);
  expect(store.reads[0]?.context.signal.aborted).toBe(false);
  await clock.advance(1);
  await outcome;
  expect(store.reads[0]?.context.signal.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});

test("an answer, or a failure, after the deadline reaches nobody", async () => {
  const store = new FakeStore();
  const answers = [deferred<string>(), deferred<string>()];
  store.answer = (key) => answers[key === "A" ? 0 : 1]?.promise;
  const { clock, secrets } = open(store);
  const calls = Promise.allSettled([secrets.get("A"), secrets.get("B")]);
  await clock.advance(10_000);
  expect((await calls).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  answers[0]?.resolve("too late");
  answers[1]?.reject(new StoreFailure("denied"));
  await settle();
  expect(secrets.redact("too late")).toBe("too late");
  store.answer = () => "in time";
  expect(await secrets.get("A")).toBe("in time");
});

test("the deadline is for the whole chain", async () => {
  const first = new FakeStore({}, "first");
  const second = new FakeStore({}, "second");
  const { clock, secrets } = open([first, second], { deadlineMs: 1_000 });
  first.answer = () => new Promise((resolve) => void clock.after(900, () => resolve(undefined)));
  second.answer = never;
  const outcome = expect(secrets.get("A")).rejects.toMatchObject({ code: "timeout", provider: "second" });
  await clock.advance(1_001);
  await outcome;
});

test("unavailable and throttled are retried with growing waits; denied, invalid and unknown are not", async () => {
  for (const [kind, attempts] of [
    ["unavailable", 3],
    ["throttled", 3],
    ["denied", 1],
    ["invalid", 1],
    ["unknown", 1],
  ] as const) {
    const store = new FakeStore();
    store.failure = new StoreFailure(kind);
    const { clock, secrets } = open(store);
    const outcome = expect(secrets.get("A")).rejects.toMatchObject({ code: kind });
    await clock.advance(199);
    expect(store.reads).toHaveLength(1);
    await clock.advance(1 + 400);
    await outcome;
    expect(store.reads).toHaveLength(attempts);
  }
});

test("a retry succeeds within the same call", async () => {
  const store = new FakeStore({ A: "one" });
  store.failure = new StoreFailure("unavailable");
  const { clock, secrets } = open(store);
  const call = secrets.get("A");
  await clock.advance(100);
  store.failure = undefined;
  await clock.advance(100);
  expect(await call).toBe("one");
});

test("Retry-After is honoured within the deadline", async () => {
  const store = new FakeStore({ A: "one" });
  store.failure = new StoreFailure("throttled", { retryAfterMs: 3_000 });
  const { clock, secrets } = open(store);
  const call = secrets.get("A");
  await clock.advance(3_000);
  expect(store.reads).toHaveLength(1);
  store.failure = undefined;
  await clock.advance(200);
  expect(await call).toBe("one");
});

test("a Retry-After past the deadline is not waited out", async () => {
  const store = new FakeStore();
  store.failure = new StoreFailure("throttled", { retryAfterMs: 3_600_000 });
  const { clock, secrets } = open(store);
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "throttled", retryAfterMs: 3_600_000 });
  expect(clock.pending).toBe(0);
});

test("close ends the reads under way, and later calls", async () => {
  let closes = 0;
  const close = async () => {
    closes += 1;
  };
  const store = Object.assign(new FakeStore(), { close });
  store.answer = never;
  const { clock, secrets } = open(store);
  const outcome = expect(secrets.get("A")).rejects.toMatchObject({ code: "closed" });
  await settle();
  await Promise.all([secrets.close(), secrets.close()]);
  await outcome;
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "closed" });
  await expect(secrets.find("A")).rejects.toMatchObject({ code: "closed" });
  await expect(secrets.read("A")).rejects.toMatchObject({ code: "closed" });
  await expect(secrets.resolve(["os.environ/A"])).rejects.toMatchObject({ code: "unresolved" });
  expect(() => secrets.subscribe("A", () => undefined)).toThrow(expect.objectContaining({ code: "closed" }));
  expect(closes).toBe(1);
  expect(store.reads[0]?.context.signal.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});

test("a provider that does not close is not waited for longer than five seconds", async () => {
  const store = Object.assign(new FakeStore(), { close: never });
  const { clock, secrets } = open(store);
  const closing = secrets.close();
  await clock.advance(5_000);
  await closing;
});

test("values stay masked after the close", async () => {
  const { secrets } = open(new FakeStore({ A: "a-value-to-mask" }));
  await secrets.get("A");
  await secrets.close();
  expect(secrets.redact("it was a-value-to-mask")).toBe("it was [secret]");
});
