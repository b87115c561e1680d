import { afterEach, describe, expect, test } from "vitest";
import { brokenTraces, leftovers } from "./traces.ts";
import { brokenPromises } from "./verdicts.ts";

afterEach(() => {
  for (const undo of leftovers.splice(0)) undo();
});

describe("a provider that", () => {
  test.each(Object.entries(brokenTraces))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
