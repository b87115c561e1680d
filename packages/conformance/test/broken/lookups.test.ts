import { describe, expect, test } from "vitest";
import { brokenLookups } from "./lookups.ts";
import { brokenPromises } from "./verdicts.ts";

describe("a provider that", () => {
  test.each(Object.entries(brokenLookups))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
