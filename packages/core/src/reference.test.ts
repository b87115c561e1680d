import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretError } from "./errors.ts";
import { embedsReference, isReference, parseReference, type Reference } from "./reference.ts";

const wellFormed = (minLength: number) => fc.string({ unit: "grapheme", minLength, maxLength: 12 });

/** Everything that a secret:// URI can say. An empty pointer is the whole value, so it has at least one step. */
const references: fc.Arbitrary<Reference> = fc
  .record(
    {
      provider: wellFormed(1),
      name: wellFormed(1),
      version: wellFormed(1),
      pointer: fc.array(wellFormed(0), { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ["provider", "name"] },
  )
  .map((parts) => ({ ...parts }));

function build({ provider = "", name, version, pointer }: Reference): string {
  const query = version === undefined ? "" : `?version=${encodeURIComponent(version)}`;
  const steps = pointer?.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const fragment = steps === undefined ? "" : `#${encodeURIComponent(steps)}`;
  return `secret://${encodeURIComponent(provider)}/${encodeURIComponent(name)}${query}${fragment}`;
}

describe("parseReference", () => {
  it("takes a bare name as it is, whatever it looks like", () => {
    for (const name of ["OPENAI_API_KEY", "a b", "a/b?version=1#/c", "100%", "secret:/x", "Ünïcode"]) {
      expect(parseReference(name)).toEqual({ name });
    }
  });

  it("takes everything after os.environ/ as the name", () => {
    expect(parseReference("os.environ/OPENAI_API_KEY")).toEqual({ name: "OPENAI_API_KEY" });
    expect(parseReference("os.environ/a/b#c?d%20e")).toEqual({ name: "a/b#c?d%20e" });
  });

  it("takes a URI apart", () => {
    expect(parseReference("secret://Vault/db-login?version=a+b%2Fc#/users/0/pass~1word")).toEqual({
      provider: "Vault",
      name: "db-login",
      version: "a+b/c",
      pointer: ["users", "0", "pass/word"],
    });
  });

  it("keeps what a URL parser would normalise: case, dots and slashes", () => {
    expect(parseReference("secret://VAULT/a/../b//c")).toEqual({ provider: "VAULT", name: "a/../b//c" });
  });

  it("takes an empty query or fragment as none", () => {
    expect(parseReference("secret://vault/name?#")).toEqual({ provider: "vault", name: "name" });
  });

  it("returns the parts that a URI was built from", () => {
    fc.assert(
      fc.property(references, (parts) => {
        const uri = build(parts);
        expect(isReference(uri)).toBe(true);
        expect(parseReference(uri)).toEqual(parts);
      }),
    );
  });
});

describe("a malformed reference", () => {
  it.each([[undefined], [null], [5], [{ password: "hunter2" }]])("is anything but a string", (thing) => {
    let error: unknown;
    try {
      Reflect.apply(parseReference, undefined, [thing]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "invalid_reference", key: undefined });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  const malformed: Record<string, string> = {
    "": "no secret",
    "os.environ/": "no secret",
    "secret://": "no provider",
    "secret:///name": "no provider",
    "secret://?version=1": "no provider",
    "secret://vault": "no secret",
    "secret://vault/": "no secret",
    "secret://vault/?version=1": "no secret",
    "secret://vault/#/a": "no secret",
    "secret://va%lt/name": "percent-encoding",
    "secret://vault/100%": "percent-encoding",
    "secret://vault/%C3": "percent-encoding",
    "secret://vault/name#/%zz": "percent-encoding",
    "secret://vault/name?version=%zz": "percent-encoding",
    "secret://vault/name?version": "exactly one version",
    "secret://vault/name?version=": "exactly one version",
    "secret://vault/name?version=1&version=2": "exactly one version",
    "secret://vault/name?Version=1": '"Version"',
    "secret://vault/name?version=1&stage=x": '"stage"',
    "secret://vault/name#field": "begins with /",
    "secret://vault/name#/a~2b": "JSON pointer",
    "secret://vault/name#/a~": "JSON pointer",
  };

  it.each(Object.entries(malformed))("%j is refused because of its %s", (text, reason) => {
    const error = thrownBy(text);
    expect(error).toMatchObject({ code: "invalid_reference", key: text });
    expect(error.message).toContain(reason);
    expect(error.message).toContain("secret://<provider>/<name>");
  });

  it("is refused as invalid_reference or parsed, whatever stands after secret://", () => {
    const pieces = fc.constantFrom("/", "?", "#", "%", "%41", "~", "~1", "version=", "&", "a", "é", " ");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = `secret://${parts.join("")}`;
        try {
          const { provider, name, version } = parseReference(text);
          expect(provider).not.toBe("");
          expect(name).not.toBe("");
          expect(version).not.toBe("");
        } catch (error) {
          if (!isSecretError(error)) throw error;
          expect(error.code).toBe("invalid_reference");
        }
      }),
    );
  });
});

describe("references in configuration", () => {
  it("are told by how a string begins", () => {
    expect(isReference("os.environ/")).toBe(true);
    expect(isReference("secret://")).toBe(true);
    expect(isReference("OPENAI_API_KEY")).toBe(false);
    expect(isReference(" os.environ/A")).toBe(false);
  });

  it("are noticed inside longer strings", () => {
    expect(embedsReference("Bearer os.environ/TOKEN")).toBe(true);
    expect(embedsReference("postgres://u:secret://vault/p@host")).toBe(true);
    expect(embedsReference("os.environ/TOKEN")).toBe(false);
    expect(embedsReference("plain")).toBe(false);
  });
});

function thrownBy(text: string): Error {
  try {
    parseReference(text);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error(`${JSON.stringify(text)} was parsed`);
}
