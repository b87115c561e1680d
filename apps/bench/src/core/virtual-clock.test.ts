import { expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.ts";

test("timers fire in the order in which they are due, those due together in the order in which they were made", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name} at ${clock.now()}`);
  clock.after(20, note("late"));
  clock.after(10, note("first"));
  clock.after(10, note("second"));
  clock.after(31, note("never"));
  await clock.run(30);
  expect(fired).toEqual(["first at 10", "second at 10", "late at 20"]);
  expect(clock.now()).toBe(30);
});

test("a cancelled timer does not fire, and takes none that is due at the same time with it", async () => {
  const clock = new VirtualClock();
  const fired: number[] = [];
  const cancels = [0, 1, 2].map((index) => clock.after(10, () => fired.push(index)));
  cancels[1]?.();
  cancels[1]?.();
  await clock.run(10);
  expect(fired).toEqual([0, 2]);
});

test("what follows upon a wait happens before time goes on", async () => {
  const clock = new VirtualClock();
  const times: number[] = [];
  const waitTwice = async () => {
    await clock.wait(10);
    times.push(clock.now());
    await clock.wait(10);
    times.push(clock.now());
  };
  const both = waitTwice();
  clock.after(15, () => times.push(clock.now()));
  await clock.run(20);
  await both;
  expect(times).toEqual([10, 15, 20]);
});
