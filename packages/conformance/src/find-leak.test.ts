import { describe, expect, test } from "vitest";
import { findLeak } from "./find-leak.ts";
import { needle } from "./needles.ts";

const value = 'canary/+ünï?\n"end"';
const needles = [needle("the value", value)];

function withCause(cause: unknown): Error {
  return new Error("failed", { cause });
}

describe("findLeak finds a value", () => {
  const hidden = Object.defineProperty(new Error("failed"), "body", { value, enumerable: false });
  const cyclic: Record<string, unknown> = { body: { value } };
  cyclic.self = cyclic;
  test.each<[string, unknown]>([
    ["in a message", new Error(`bad: ${value}`)],
    ["in a bare string", value],
    ["in a property that is not enumerable", hidden],
    ["under a symbol", { [Symbol("body")]: value }],
    ["as a property's name", { [value]: 1 }],
    ["down the cause chain", withCause(withCause({ response: { text: value } }))],
    ["in an AggregateError", new AggregateError([new Error("one"), new Error(value)])],
    ["in a map's key", withCause(new Map([[value, 1]]))],
    ["in a set", withCause(new Set([value]))],
    ["in a buffer", withCause({ body: Buffer.from(value) })],
    ["in an ArrayBuffer", withCause(new TextEncoder().encode(value).buffer)],
    ["in a structure with a cycle", cyclic],
    ["in toJSON alone", { toJSON: () => ({ body: value }) }],
    ["in toString alone", { toString: () => value }],
    ["behind a getter", Object.defineProperty({}, "body", { get: () => value })],
    [
      "beyond the depth that inspect prints",
      { a: { a: { a: { a: { a: { a: { a: { a: { a: value } } } } } } } } },
    ],
    ["URL-encoded", new Error(`GET /?q=${encodeURIComponent(value)}`)],
    ["JSON-escaped", new Error(JSON.stringify({ value }))],
    ["in hexadecimal", new Error(Buffer.from(value).toString("hex"))],
    ["in base64", new Error(Buffer.from(value).toString("base64"))],
    ["in base64, one byte in", new Error(Buffer.from(`u${value}:`).toString("base64"))],
    ["in base64, two bytes in", new Error(Buffer.from(`us${value}:p`).toString("base64"))],
    ["in base64url", new Error(Buffer.from(value).toString("base64url"))],
  ])("%s", (_, thrown) => {
    expect(findLeak(thrown, needles)).toContain("the value");
  });
});

describe("findLeak", () => {
  test("tells the place, and not the value", () => {
    const found = findLeak(withCause({ response: { text: value } }), needles);
    expect(found).toBe("the value at error.cause.response.text");
  });

  test("finds nothing where there is nothing", () => {
    const hostile = {
      get body() {
        throw new Error("no");
      },
      toString() {
        throw new Error("no");
      },
    };
    for (const thrown of [undefined, null, 42, new Error("failed"), hostile, Buffer.from("x")]) {
      expect(findLeak(thrown, needles)).toBeUndefined();
    }
  });

  test("does not look for texts that turn up by chance", () => {
    expect(findLeak(new Error("true enough"), [needle("a short value", "true")])).toBeUndefined();
  });
});
