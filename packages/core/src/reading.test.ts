import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { checkListing, checkReading } from "./reading.ts";

const whole = {
  value: "",
  version: "1",
  createdAt: new Date(0),
  updatedAt: new Date(1),
  expiresAt: new Date(2),
};

const broken: [answer: unknown, fault: string][] = [
  [null, "null, which is no reading"],
  ["hunter2", "a bare string"],
  [42, "a bare number"],
  [[], "without a value"],
  [{}, "without a value"],
  [{ value: undefined }, "value is of type undefined"],
  [{ value: 42 }, "value is of type number"],
  [{ value: true }, "value is of type boolean"],
  [{ value: Buffer.from("hunter2") }, "value is of type object"],
  [{ value: "hunter2", version: 3 }, "version is of type number"],
  [{ value: "hunter2", version: null }, "version is of type object"],
  [{ value: "hunter2", expiresAt: 1_700_000_000 }, "expiresAt is no valid Date"],
  [{ value: "hunter2", updatedAt: "2026-01-01" }, "updatedAt is no valid Date"],
  [{ value: "hunter2", createdAt: new Date("hunter2") }, "createdAt is no valid Date"],
];

function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    expect(error).toMatchObject({ name: "SecretError", code: "invalid" });
    return error instanceof Error ? error.message : "";
  }
  throw new Error("it was accepted");
}

describe("a provider's answer", () => {
  it("is handed on as it is", () => {
    expect(checkReading(whole)).toBe(whole);
    expect(checkReading(undefined)).toBe(undefined);
    const listing = new Map([["A", whole]]);
    expect(checkListing(listing)).toBe(listing);
  });

  it("may have its dates from another realm", () => {
    const reading = { value: "x", expiresAt: runInNewContext("new Date(0)") };
    expect(checkReading(reading)).toBe(reading);
  });

  it.each(broken.map(([answer, fault]) => ({ answer, fault })))(
    "is refused, alone and in a listing: $fault",
    ({ answer, fault }) => {
      const message = refusal(() => checkReading(answer));
      expect(message).toContain(fault);
      expect(message).toContain("run @keyward/conformance");
      expect(message).not.toContain("hunter2");
      expect(refusal(() => checkListing(new Map([["A", answer]])))).toBe(message);
    },
  );

  it("is refused when a listing lists no reading or is none", () => {
    expect(refusal(() => checkListing(new Map([["A", undefined]])))).toContain("a bare undefined");
    for (const listing of [undefined, null, {}, [["A", whole]]])
      expect(refusal(() => checkListing(listing))).toContain("not a Map");
  });
});
