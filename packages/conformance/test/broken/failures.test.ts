import { describe, expect, test } from "vitest";
import { brokenFailures } from "./failures.ts";
import { brokenPromises } from "./verdicts.ts";

describe("a provider that", () => {
  test.each(Object.entries(brokenFailures))("%s", async (_, provider) => {
    expect(await brokenPromises(provider)).toEqual(provider.breaks);
  });
});
