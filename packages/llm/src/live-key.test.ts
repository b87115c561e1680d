import { expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { LiveKey } from "./live-key.ts";

/** A store whose readings end when the test says so. */
function slowStore(cached: string) {
  const readings: PromiseWithResolvers<string>[] = [];
  const clock = new ManualClock();
  const key = new LiveKey(
    {
      name: "KEY",
      read: async () => cached,
      refresh() {
        const reading = Promise.withResolvers<string>();
        readings.push(reading);
        return reading.promise;
      },
    },
    clock,
  );
  const begun = async (count: number) => {
    while (readings.length < count) await Promise.resolve();
  };
  return { key, readings, begun, clock };
}

test("however many calls are refused, the store is read once", async () => {
  const { key, readings, begun } = slowStore("old");
  const replacements = Promise.all(Array.from({ length: 50 }, () => key.replacementFor("old")));
  await begun(1);
  readings[0]?.resolve("new");
  expect(new Set(await replacements)).toEqual(new Set(["new"]));
  expect(readings).toHaveLength(1);
});

test("a reading that began before a refusal does not speak for it: the store is read once more", async () => {
  const { key, readings, begun } = slowStore("old");
  const early = key.replacementFor("old");
  await begun(1);
  const late = key.replacementFor("old");
  await Promise.resolve();
  readings[0]?.resolve("old");
  await begun(2);
  readings[1]?.resolve("new");
  expect(await early).toBeUndefined();
  expect(await late).toBe("new");
});

test("what no header can hold replaces nothing", async () => {
  const { key, readings, begun } = slowStore("old");
  const replacement = key.replacementFor("old");
  await begun(1);
  readings[0]?.resolve("new\r\nx: y");
  expect(await replacement).toBeUndefined();
});

test("readings in vain are counted, and forgotten after ten seconds", async () => {
  const { key, readings, begun, clock } = slowStore("old");
  const vain = async () => {
    const count = readings.length;
    const replacement = key.replacementFor("old");
    await Promise.race([begun(count + 1), replacement]);
    readings.at(-1)?.resolve("old");
    expect(await replacement).toBeUndefined();
  };
  for (let refusal = 0; refusal < 8; refusal++) await vain();
  expect(readings).toHaveLength(5);
  clock.pass(10_000);
  await vain();
  expect(readings).toHaveLength(6);
});
