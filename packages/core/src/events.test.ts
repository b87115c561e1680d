import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { guard, type SecretEvent, safely } from "./events.ts";

const event: SecretEvent = { type: "hit", provider: "vault", key: "A" };

describe("the application's hook", () => {
  it("gets the event", () => {
    const hook = vi.fn();
    safely(hook)?.(event);
    expect(hook).toHaveBeenCalledExactlyOnceWith(event);
  });

  it("is not called where there is none", () => {
    expect(safely(undefined)).toBe(undefined);
  });
});

describe("foreign code that fails", () => {
  it("by throwing disturbs nobody", () => {
    const failing = () => {
      throw new Error("hook");
    };
    expect(() => safely(failing)?.(event)).not.toThrow();
    const onFailure = vi.fn();
    guard(failing, onFailure);
    expect(onFailure).toHaveBeenCalledExactlyOnceWith();
  });

  it("by rejecting is nobody's unhandled rejection", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      const failing = async () => Promise.reject(new Error("hook"));
      safely(failing)?.(event);
      const onFailure = vi.fn();
      guard(failing, onFailure);
      await nextTurn();
      expect(onFailure).toHaveBeenCalledOnce();
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });
});
