import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { shared, underBoth, untilAborted } from "./abort.ts";

const forever = () => new Promise<never>(() => undefined);

test("a wait leaves nothing on its signal", async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve("done"), signal)).toBe("done");
  await expect(untilAborted(Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
  expect(await underBoth(signal, signal, async () => "done")).toBe("done");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a wait rejects with the reason of its signal, also of one that aborted before", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const waits = [
    untilAborted(forever(), controller.signal),
    underBoth(controller.signal, new AbortController().signal, (both) => untilAborted(forever(), both)),
    underBoth(new AbortController().signal, controller.signal, (both) => untilAborted(forever(), both)),
  ];
  controller.abort(reason);
  for (const wait of waits) await expect(wait).rejects.toBe(reason);
  await expect(untilAborted(forever(), controller.signal)).rejects.toBe(reason);
  let worked = false;
  const late = underBoth(controller.signal, new AbortController().signal, async () => {
    worked = true;
  });
  await expect(late).rejects.toBe(reason);
  expect(worked).toBe(false);
});

test("a failure is shared by those who wait for it, and by nobody later", async () => {
  let runs = 0;
  const join = shared(async () => {
    runs += 1;
    throw new Error(`run ${runs}`);
  });
  const { signal } = new AbortController();
  await Promise.all([1, 2].map(() => expect(join(signal)).rejects.toThrow("run 1")));
  await expect(join(signal)).rejects.toThrow("run 2");
});

test("who comes after the last has left begins anew", async () => {
  const signals: AbortSignal[] = [];
  const join = shared((signal) => {
    signals.push(signal);
    return forever();
  });
  const first = new AbortController();
  const left = join(first.signal);
  first.abort(new Error("left"));
  const second = new AbortController();
  await expect(left).rejects.toThrow("left");
  const stays = join(second.signal);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  second.abort(new Error("over"));
  await expect(stays).rejects.toThrow("over");
});

test("who leaves early takes nothing from those who stay", async () => {
  let finish: (value: string) => void = () => undefined;
  let inner: AbortSignal | undefined;
  const join = shared((signal) => {
    inner = signal;
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  });
  const first = new AbortController();
  const leaves = join(first.signal);
  const stays = join(new AbortController().signal);
  first.abort(new Error("left"));
  await expect(leaves).rejects.toThrow("left");
  expect(inner?.aborted).toBe(false);
  finish("done");
  expect(await stays).toBe("done");
});
