import { describe, expect, test } from "vitest";
import { brokenConduct } from "./conduct.ts";
import { brokenPromises } from "./verdicts.ts";

describe("a provider that", () => {
  test.each(Object.entries(brokenConduct))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
