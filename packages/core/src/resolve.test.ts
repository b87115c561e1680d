import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { isSecretError, SecretError } from "./errors.ts";
import { asSecretError, resolveReferences, unresolved } from "./resolve.ts";

/** Answers every reference with `<name>!`. */
const get = async (reference: string) => `${reference.split("/").at(-1)}!`;

const missing = async (reference: string): Promise<string> => {
  throw new SecretError({ code: "not_found", message: `"${reference}" was not found.`, key: reference });
};

async function problemsOf(config: unknown, read = missing): Promise<[path: string, code: string][]> {
  const error = await resolveReferences(config, read).catch((thrown: unknown) => thrown);
  if (!isSecretError(error)) throw new Error("nothing was wrong with it");
  expect(error.code).toBe("unresolved");
  return error.problems.map(({ path, error: { code } }) => [path, code]);
}

describe("what is replaced", () => {
  it("is every reference, in objects and arrays at any depth", async () => {
    const config = {
      model_list: [{ model_name: "gpt", litellm_params: { api_key: "os.environ/KEY", rpm: 3 } }],
      callbacks: ["plain", "os.environ/A", ["secret://vault/B"]],
    };
    expect(await resolveReferences(config, get)).toEqual({
      model_list: [{ model_name: "gpt", litellm_params: { api_key: "KEY!", rpm: 3 } }],
      callbacks: ["plain", "A!", ["B!"]],
    });
  });

  it("is a configuration that is one reference itself", async () => {
    expect(await resolveReferences("os.environ/A", get)).toBe("A!");
  });

  it("is not a string that merely looks like a name", async () => {
    expect(await resolveReferences({ a: "OPENAI_API_KEY", b: "" }, get)).toEqual({
      a: "OPENAI_API_KEY",
      b: "",
    });
  });

  it("may become an empty string", async () => {
    expect(await resolveReferences({ a: "os.environ/A" }, async () => "")).toEqual({ a: "" });
  });

  it("is never a key", async () => {
    expect(await resolveReferences({ "os.environ/A": 1 }, get)).toEqual({ "os.environ/A": 1 });
  });
});

describe("what comes back", () => {
  it("is a copy: the configuration given stays as it was", async () => {
    const inner = { key: "os.environ/A" };
    const config = { inner, list: [inner] };
    const resolved = await resolveReferences(config, get);
    expect(config).toEqual({ inner: { key: "os.environ/A" }, list: [{ key: "os.environ/A" }] });
    expect(resolved).not.toBe(config);
  });

  it("keeps an object that stands in two places one object", async () => {
    const shared = { key: "os.environ/A" };
    const resolved = await resolveReferences({ a: shared, b: [shared] }, get);
    expect(resolved.a).toEqual({ key: "A!" });
    expect(resolved.b[0]).toBe(resolved.a);
  });

  it("keeps a configuration that contains itself", async () => {
    interface Loop {
      key: string;
      self?: Loop;
      list?: Loop[];
    }
    const loop: Loop = { key: "os.environ/A" };
    loop.self = loop;
    loop.list = [loop];
    const resolved = await resolveReferences(loop, get);
    expect(resolved.key).toBe("A!");
    expect(resolved.self).toBe(resolved);
    expect(resolved.list?.[0]).toBe(resolved);
  });

  it("keeps a key called __proto__ a key", async () => {
    const config: unknown = JSON.parse('{"__proto__":{"key":"os.environ/A"},"constructor":"os.environ/B"}');
    const resolved = await resolveReferences(config, get);
    expect(JSON.stringify(resolved)).toBe('{"__proto__":{"key":"A!"},"constructor":"B!"}');
    expect(Object.getPrototypeOf(resolved)).toBe(Object.prototype);
  });

  it("passes instances of classes on as they are, with all that is in them", async () => {
    class Client {
      readonly key = "os.environ/A";
    }
    const config = { date: new Date(0), client: new Client(), map: new Map([["a", "os.environ/A"]]), get };
    const resolved = await resolveReferences(config, get);
    expect(resolved).toEqual(config);
    for (const name of ["date", "client", "map", "get"] as const) expect(resolved[name]).toBe(config[name]);
    expect(resolved.client.key).toBe("os.environ/A");
  });

  it("keeps everything that is no string, and the order of keys", async () => {
    const config = { z: 1, key: "os.environ/A", a: null, n: undefined, big: 1n, no: false, nan: Number.NaN };
    const resolved = await resolveReferences(config, get);
    expect(resolved).toStrictEqual({ ...config, key: "A!" });
    expect(Object.keys(resolved)).toEqual(Object.keys(config));
  });

  it("keeps an object without a prototype without one", async () => {
    const config = Object.assign(Object.create(null), { key: "os.environ/A" });
    const resolved: unknown = await resolveReferences(config, get);
    expect(Object.getPrototypeOf(resolved)).toBe(null);
    expect(resolved).toEqual({ key: "A!" });
  });
});

describe("reads", () => {
  it("happen once for each reference, all at the same time", async () => {
    const asked: string[] = [];
    const answers = Promise.withResolvers<string>();
    const resolving = resolveReferences(
      ["os.environ/A", { b: "os.environ/B" }, "os.environ/A"],
      (reference) => {
        asked.push(reference);
        return answers.promise;
      },
    );
    expect(asked).toEqual(["os.environ/A", "os.environ/B"]);
    answers.resolve("x");
    expect(await resolving).toEqual(["x", { b: "x" }, "x"]);
  });

  it("that fail while another is still under way are nobody's unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const slow = Promise.withResolvers<string>();
      const read = (reference: string) => (reference.endsWith("SLOW") ? slow.promise : missing(reference));
      const resolving = problemsOf(["os.environ/SLOW", "os.environ/A"], read);
      await nextTurn();
      slow.resolve("x");
      expect(await resolving).toEqual([["[1]", "not_found"]]);
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });
});

describe("problems", () => {
  it("are reported all at once, in the order of the configuration, with their paths", async () => {
    const config = {
      model_list: [
        { litellm_params: { api_key: "os.environ/A" } },
        { litellm_params: { api_key: "os.environ/A" } },
      ],
      url: "https://os.environ/HOST/v1",
      list: ["fine", ["os.environ/B"]],
    };
    expect(await problemsOf(config)).toEqual([
      ["model_list[0].litellm_params.api_key", "not_found"],
      ["model_list[1].litellm_params.api_key", "not_found"],
      ["url", "invalid_reference"],
      ["list[1][0]", "not_found"],
    ]);
    expect(await problemsOf("os.environ/A")).toEqual([["(the value itself)", "not_found"]]);
  });

  it("are listed in the message, a line each", async () => {
    const error = await resolveReferences({ a: "os.environ/A", b: "os.environ/B" }, missing).catch(
      asSecretError,
    );
    expect(error).toHaveProperty(
      "message",
      '2 references could not be resolved:\n  a: "os.environ/A" was not found.\n  b: "os.environ/B" was not found.',
    );
    expect(unresolved([{ path: "a", error: asSecretError(undefined) }]).message).toMatch(
      /^1 reference could not/,
    );
  });

  it("include a reference inside a longer string, of which only the reference is quoted", async () => {
    const config = {
      before: "postgres://admin:pass-in-clear@os.environ/HOST:5432/db",
      after: "postgres://os.environ/USER:pass-in-clear@host/db",
      uri: "https://secret://vault/a-user?version=1#/name:pass-in-clear@host",
    };
    const error = await resolveReferences(config, get).catch(asSecretError);
    expect(error).toHaveProperty("message", expect.stringContaining('before: "os.environ/HOST" stands'));
    expect(error).toHaveProperty("message", expect.stringContaining('after: "os.environ/USER" stands'));
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining('uri: "secret://vault/a-user?version=1#/name" stands'),
    );
    expect(JSON.stringify(error)).not.toContain("pass-in-clear");
  });

  it("include a secret that is itself a reference, which is not shown", async () => {
    const nested = async () => "secret://vault/the-inner-one";
    const error = await resolveReferences({ a: "os.environ/A" }, nested).catch(asSecretError);
    expect(error).toMatchObject({ problems: [{ path: "a", error: { code: "invalid_reference" } }] });
    expect(JSON.stringify(error)).not.toContain("the-inner-one");
  });

  it("are unknown where something other than a SecretError was thrown, of which nothing is shown", async () => {
    const error = await resolveReferences("os.environ/A", () => Promise.reject(new Error("hunter2"))).catch(
      asSecretError,
    );
    expect(error).toMatchObject({ problems: [{ error: { code: "unknown" } }] });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });
});
