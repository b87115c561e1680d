import { expect, test } from "vitest";
import { explainFailure, UserError } from "./user-error.ts";

test("what is meant for the user is told as it is", () => {
  expect(explainFailure(new UserError("Port 4000 is in use"))).toBe("Port 4000 is in use");
});

test("an unexpected failure tells where it happened, and nothing of its message", () => {
  const canary = "canary-4f1d8c";
  const told = explainFailure(new TypeError(`first line ${canary}\nsecond line ${canary}`));
  expect(told).toMatch(/^internal error \(TypeError\)\n\s+at .*user-error\.test\.ts/);
  expect(told).not.toContain(canary);
  expect(explainFailure(canary)).toBe("internal error");
});
