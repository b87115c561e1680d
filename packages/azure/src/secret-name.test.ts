import { describe, expect, test } from "vitest";
import { secretName } from "./secret-name.ts";

describe("secretName", () => {
  test.each([
    ["AZURE_API_KEY", "AZURE-API-KEY"],
    ["AZURE-API-KEY", "AZURE-API-KEY"],
    ["your-test-key", "YOUR-TEST-KEY"],
    ["a", "A"],
    ["1", "1"],
    ["a".repeat(127), "A".repeat(127)],
  ])("maps %s", (key, name) => {
    expect(secretName(key)).toBe(name);
    expect(secretName(name)).toBe(name);
  });

  test("keeps the case if asked to", () => {
    expect(secretName("your_Test_key", true)).toBe("your-Test-key");
  });

  test.each([
    ["", "empty"],
    ["a.b", 'Character 2 of the name is "."'],
    ["a/b", 'Character 2 of the name is "/"'],
    ["schlüssel", 'Character 5 of the name is "ü"'],
    ["key🔑", 'Character 4 of the name is "🔑"'],
    ["a b", 'Character 2 of the name is " "'],
    ["a\n", 'Character 2 of the name is "\\n"'],
    // Folds to an ASCII letter in upper case, and is none.
    ["ſecret", 'Character 1 of the name is "ſ"'],
    ["a".repeat(128), "128 characters"],
  ])("refuses %j and says why", (key, why) => {
    expect(() => secretName(key)).toThrow(why);
    expect(() => secretName(key)).toThrow("1 to 127 letters (a to z), digits and dashes");
  });
});
