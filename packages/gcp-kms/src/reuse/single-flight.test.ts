import { expect, test } from "vitest";
import { singleFlight } from "./single-flight.ts";

/** Runs that end when the test says so. */
function runs() {
  const begun: { readonly signal: AbortSignal; resolve(text: string): void; reject(error: Error): void }[] =
    [];
  const run = (signal: AbortSignal): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    begun.push({ signal, resolve, reject });
    return promise;
  };
  return { begun, run };
}

const { signal } = new AbortController();

test("those who want the same at the same time share one run, and others do not", async () => {
  const once = singleFlight<string>();
  const { begun, run } = runs();
  const callers = [once("a", run, signal), once("a", run, signal), once("b", run, signal)];
  expect(begun).toHaveLength(2);
  begun[0]?.resolve("a");
  begun[1]?.resolve("b");
  await expect(Promise.all(callers)).resolves.toEqual(["a", "a", "b"]);
  const later = once("a", run, signal);
  expect(begun).toHaveLength(3);
  begun[2]?.resolve("later");
  await expect(later).resolves.toBe("later");
});

test("a failure reaches all who wait, and nobody who comes later", async () => {
  const once = singleFlight<string>();
  const { begun, run } = runs();
  const callers = Promise.allSettled([once("a", run, signal), once("a", run, signal)]);
  begun[0]?.reject(new Error("down"));
  expect((await callers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = once("a", run, signal);
  begun[1]?.resolve("up");
  await expect(later).resolves.toBe("up");
});

test("who gives up leaves the run to the others; the last to give up ends it", async () => {
  const once = singleFlight<string>();
  const { begun, run } = runs();
  const [first, second] = [new AbortController(), new AbortController()];
  const callers = [once("a", run, first.signal), once("a", run, second.signal)];
  const outcomes = Promise.allSettled(callers);
  first.abort(new Error("first"));
  expect(begun[0]?.signal.aborted).toBe(false);
  second.abort(new Error("second"));
  expect(begun[0]?.signal.reason).toEqual(new Error("second"));
  expect(await outcomes).toEqual([
    { status: "rejected", reason: new Error("first") },
    { status: "rejected", reason: new Error("second") },
  ]);
});

test("whoever comes after a run was ended begins another, which the first does not take away", async () => {
  const once = singleFlight<string>();
  const { begun, run } = runs();
  const controller = new AbortController();
  const given = Promise.allSettled([once("a", run, controller.signal)]);
  controller.abort();
  const later = once("a", run, signal);
  expect(begun).toHaveLength(2);
  begun[0]?.reject(new Error("aborted"));
  await given;
  const joined = once("a", run, signal);
  expect(begun).toHaveLength(2);
  begun[1]?.resolve("text");
  await expect(Promise.all([later, joined])).resolves.toEqual(["text", "text"]);
});

test("who has given up already begins nothing", async () => {
  const { begun, run } = runs();
  await expect(singleFlight()("a", run, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(begun).toHaveLength(0);
});
