import { describe, expect, test } from "vitest";
import { brokenValues } from "./values.ts";
import { brokenPromises } from "./verdicts.ts";

describe("a provider that", () => {
  test.each(Object.entries(brokenValues))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
