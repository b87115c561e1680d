import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { follow, parsePointer } from "./json-pointer.ts";

/** RFC 6901, section 5, with the numbers of the original put in quotes: only strings are secrets. */
const rfcDocument = JSON.stringify({
  foo: ["bar", "baz"],
  "": "0",
  "a/b": "1",
  "c%d": "2",
  "e^f": "3",
  "g|h": "4",
  "i\\j": "5",
  'k"l': "6",
  " ": "7",
  "m~n": "8",
});

function pointedAt(json: string, pointer: string) {
  const steps = parsePointer(pointer);
  if (steps === undefined) throw new Error(`${pointer} is no pointer`);
  return follow(json, steps);
}

describe("the examples of RFC 6901", () => {
  it.each([
    ["/foo/0", "bar"],
    ["/foo/1", "baz"],
    ["/", "0"],
    ["/a~1b", "1"],
    ["/c%d", "2"],
    ["/e^f", "3"],
    ["/g|h", "4"],
    ["/i\\j", "5"],
    ['/k"l', "6"],
    ["/ ", "7"],
    ["/m~0n", "8"],
  ])("%s", (pointer, expected) => {
    expect(pointedAt(rfcDocument, pointer)).toEqual({ found: expected });
  });

  it("evaluates ~01 as ~1 and not as a slash", () => {
    expect(pointedAt('{"~1":"tilde one","/":"slash"}', "/~01")).toEqual({ found: "tilde one" });
  });

  it("has no leading zeros and no past-the-end index in arrays", () => {
    for (const step of ["00", "01", "-", "2", "-1", "1.0", "1e0", "", "length"]) {
      expect(pointedAt('["a","b"]', `/${step}`)).toHaveProperty("problem");
    }
  });
});

describe("parsePointer", () => {
  it("refuses what is no pointer", () => {
    for (const text of ["", "a", "a/b", "#/a", "/a~", "/~2", "/a~/b"])
      expect(parsePointer(text)).toBe(undefined);
  });

  it("returns the steps that a pointer was written from", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (steps) => {
        const text = steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
        expect(parsePointer(text)).toEqual(steps);
      }),
    );
  });
});

describe("follow", () => {
  it("finds every string of any JSON document", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const [steps, value] of stringsIn(JSON.parse(json)))
          expect(follow(json, steps)).toEqual({ found: value });
      }),
    );
  });

  it("finds an empty string", () => {
    expect(pointedAt('{"password":""}', "/password")).toEqual({ found: "" });
  });

  it("sees own members only", () => {
    for (const step of ["__proto__", "constructor", "toString"]) {
      expect(follow("{}", [step])).toEqual({ problem: expect.stringContaining("has nothing at") });
      expect(follow(`{${JSON.stringify(step)}:"own"}`, [step])).toEqual({ found: "own" });
    }
  });

  it.each([
    ["null", "null"],
    ["true", "a boolean"],
    ["1", "a number"],
    ["[]", "an array"],
    ["{}", "an object"],
  ])("does not turn %s into a string", (json, kind) => {
    const pointed = pointedAt(`{"a":${json}}`, "/a");
    expect(pointed).toEqual({ problem: expect.stringContaining(`has ${kind} at /a`) });
  });

  it("says how far it got", () => {
    expect(pointedAt('{"a":{"b":"x"}}', "/a/c/d")).toEqual({
      problem: expect.stringMatching(/nothing at \/a\/c$/),
    });
    expect(pointedAt('{"a":"x"}', "/a/b")).toEqual({ problem: expect.stringMatching(/nothing at \/a\/b$/) });
  });

  it("quotes nothing of the document", () => {
    const documents = ["hunter2-not-json", '{"hunter2-open":', '{"a":["hunter2-item"]}', '"hunter2-root"'];
    for (const document of documents) {
      expect(JSON.stringify(follow(document, ["a", "b"]))).not.toContain("hunter2");
      expect(JSON.stringify(follow(document, ["a"]))).not.toContain("hunter2");
    }
  });
});

function stringsIn(node: unknown, steps: readonly string[] = []): [readonly string[], string][] {
  if (typeof node === "string") return [[steps, node]];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, item]) => stringsIn(item, [...steps, name]));
}
