import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { deserialize, serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { Secret } from "./secret.ts";

const value = "canary-3f9a-value";
const readAt = new Date(0);
const secret = new Secret(value, {
  key: "API_KEY",
  provider: "vault",
  version: "7",
  createdAt: new Date(1),
  updatedAt: new Date(2),
  expiresAt: new Date(3),
  readAt,
  stale: true,
});

/** What a developer may do to see what is in an object. */
const printed: Record<string, () => string> = {
  String: () => String(secret),
  template: () => `${secret}`,
  "Array.join": () => ["key", secret].join(": "),
  "JSON.stringify": () => JSON.stringify(secret),
  "JSON.stringify of its owner": () => JSON.stringify({ a: [secret], map: [...new Map([["k", secret]])] }),
  inspect: () => inspect(secret),
  "inspect of its owner": () => inspect({ deep: { deeper: { secret } } }, { depth: null }),
  "inspect with everything shown": () => inspect(secret, { showHidden: true, getters: true, depth: null }),
  "inspect without custom inspection": () =>
    inspect(secret, { customInspect: false, showHidden: true, getters: true, depth: null }),
  "inspect with proxies shown": () =>
    inspect(new Proxy(secret, {}), { showProxy: true, customInspect: false }),
  "format %s": () => format("%s", secret),
  "format %o": () => format("%o", { secret }),
  "format %O": () => format("%O", { secret }),
  "format %j": () => format("%j", { secret }),
  structuredClone: () => inspect(structuredClone(secret), { showHidden: true, depth: null }),
  "v8 serialization": () => inspect(deserialize(serialize(secret)), { showHidden: true, depth: null }),
  "a spread copy": () => JSON.stringify({ ...secret }),
  "Object.entries": () => inspect(Object.entries(secret)),
};

describe("a Secret shows [secret] and never its value in", () => {
  it.each(Object.entries(printed))("%s", (_, print) => {
    const text = print();
    expect(text).toContain("[secret]");
    expect(text).not.toContain(value);
  });

  it.each(["log", "error", "dir", "table", "trace"] as const)("console.%s", (method) => {
    const text = captured((console) => {
      console[method](secret);
      console[method]({ secret });
      console[method]([secret]);
    });
    expect(text).toContain("[secret]");
    expect(text).not.toContain(value);
  });

  it("the bytes of a structured clone", () => {
    expect(serialize(secret).includes(value)).toBe(false);
    expect(serialize(secret).includes(Buffer.from(value, "utf16le"))).toBe(false);
  });
});

describe("a Secret", () => {
  it("reveals its value, also an empty one", () => {
    expect(secret.reveal()).toBe(value);
    expect(new Secret("", { key: "EMPTY", provider: "vault", readAt, stale: false }).reveal()).toBe("");
  });

  it("carries what is known of it besides the value", () => {
    expect(secret).toMatchObject({
      key: "API_KEY",
      provider: "vault",
      version: "7",
      createdAt: new Date(1),
      updatedAt: new Date(2),
      expiresAt: new Date(3),
      readAt,
      stale: true,
    });
  });

  it("has no property, own or inherited, that holds the value", () => {
    const seen: unknown[] = [];
    for (let owner: object | null = secret; owner !== null; owner = Object.getPrototypeOf(owner)) {
      for (const name of Reflect.ownKeys(owner))
        seen.push(Reflect.getOwnPropertyDescriptor(owner, name)?.value);
    }
    expect(seen).toContain("[secret]");
    expect(seen).not.toContain(value);
  });
});

function captured(use: (console: Console) => void): string {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  use(new Console(stream, stream));
  return chunks.join("");
}
