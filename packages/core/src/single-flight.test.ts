import { expect, test } from "vitest";
import { deferred, FakeStore, StoreFailure } from "../test/fake-store.ts";
import { settle, TestClock } from "../test/test-clock.ts";
import { createSecrets } from "./create-secrets.ts";

function open(store: FakeStore) {
  const clock = new TestClock();
  return {
    clock,
    secrets: createSecrets({ providers: [store], clock, random: () => 0, retry: { attempts: 1 } }),
  };
}

test("a thousand callers of one cold key cause one read", async () => {
  const store = new FakeStore();
  const answer = deferred<string>();
  store.answer = () => answer.promise;
  const { secrets } = open(store);
  const calls = Array.from({ length: 1_000 }, (_, index) =>
    secrets.get(index % 2 === 0 ? "A" : "os.environ/A"),
  );
  await settle();
  answer.resolve("one");
  expect(new Set(await Promise.all(calls))).toEqual(new Set(["one"]));
  expect(store.reads).toHaveLength(1);
});

test("a caller aborts its own wait only", async () => {
  const store = new FakeStore();
  const answer = deferred<string>();
  store.answer = () => answer.promise;
  const { clock, secrets } = open(store);
  const controller = new AbortController();
  const impatient = secrets.get("A", { signal: controller.signal });
  const patient = secrets.get("A");
  await settle();
  controller.abort(new Error("a reason of the caller's"));
  await expect(impatient).rejects.toMatchObject({ code: "aborted", key: "A" });
  expect(store.reads[0]?.context.signal.aborted).toBe(false);
  answer.resolve("one");
  expect(await patient).toBe("one");
  expect(clock.pending).toBe(0);
});

test("a signal that is aborted already asks nobody", async () => {
  const store = new FakeStore({ A: "one" });
  const { secrets } = open(store);
  await expect(secrets.get("A", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  expect(store.reads).toHaveLength(0);
});

test("a rejected flight is shared by those who wait, and forgotten", async () => {
  const store = new FakeStore({ A: "one" });
  store.failure = new StoreFailure("unknown");
  const { secrets } = open(store);
  const results = await Promise.allSettled([secrets.get("A"), secrets.get("A")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(store.reads).toHaveLength(1);
  store.failure = undefined;
  expect(await secrets.get("A")).toBe("one");
});

test("every caller of a failed flight gets an error of its own", async () => {
  const store = new FakeStore();
  store.failure = new StoreFailure("denied");
  const { secrets } = open(store);
  const [one, two] = await Promise.allSettled([secrets.get("A"), secrets.get("A")]);
  if (one?.status !== "rejected" || two?.status !== "rejected") throw new Error("both should have failed");
  expect(one.reason).not.toBe(two.reason);
});
