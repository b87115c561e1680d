import { afterEach, describe, expect, test } from "vitest";
import { brokenConduct, leftovers } from "./conduct.ts";
import { brokenPromises } from "./verdicts.ts";

afterEach(() => {
  for (const undo of leftovers.splice(0)) undo();
});

describe("a provider that", () => {
  test.each(Object.entries(brokenConduct))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
