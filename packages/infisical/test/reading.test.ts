import { afterEach, describe, expect, test } from "vitest";
import { understand } from "../src/classify.ts";
import { infisical } from "../src/index.ts";
import { projectId } from "./api.ts";
import type { DialectName } from "./dialect.ts";
import { providerFor } from "./harness.ts";
import { type FakeInfisical, startInfisical } from "./server.ts";

const servers: FakeInfisical[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(dialect: DialectName = "new") {
  const server = await startInfisical(dialect);
  servers.push(server);
  return { server, provider: providerFor(server) };
}

const { signal } = new AbortController();

/** A reference as Infisical writes it. */
const to = (name: string) => `$\{${name}}`;

async function reasonOf(read: Promise<unknown> | undefined) {
  const error = await read?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return understand(error)?.reason;
}

async function valuesOf(provider: ReturnType<typeof infisical>) {
  const readings = await provider.readAll?.({ signal });
  return Object.fromEntries([...(readings ?? [])].map(([name, { value }]) => [name, value]));
}

describe("one list", () => {
  test("holds every secret with its version and dates, and costs one request", async () => {
    const { server, provider } = await start();
    server.write("A", "first");
    server.write("A", "second");
    server.write("EMPTY", "");
    const readings = await provider.readAll?.({ signal });
    expect(readings?.get("A")).toEqual({
      value: "second",
      version: "2",
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    });
    expect(readings?.get("EMPTY")?.value).toBe("");
    expect(server.count()).toBe(1);
  });

  test("has references filled in, and one to nothing left as it is", async () => {
    const { server, provider } = await start();
    server.makeFolder("test", "/shared");
    server.write("HOST", "db.internal", "test", "/shared");
    server.write("USER", "keyward");
    server.write("URL", `postgres://${to("USER")}@${to("test.shared.HOST")}/app`);
    server.write("LITERAL", to("NOT_THERE"));
    expect(await valuesOf(provider)).toMatchObject({
      URL: "postgres://keyward@db.internal/app",
      LITERAL: to("NOT_THERE"),
    });
  });

  test("has imports: the folder's own secret first, then the last import", async () => {
    const { server, provider } = await start();
    for (const path of ["/one", "/two"]) {
      server.makeFolder("test", path);
      server.import({ environment: "test", path });
      for (const name of ["OWN", "BOTH", `ONLY${path === "/one" ? "_ONE" : "_TWO"}`]) {
        server.write(name, `${name} of ${path}`, "test", path);
      }
    }
    server.write("OWN", "OWN of /");
    expect(await valuesOf(provider)).toEqual({
      OWN: "OWN of /",
      BOTH: "BOTH of /two",
      ONLY_ONE: "ONLY_ONE of /one",
      ONLY_TWO: "ONLY_TWO of /two",
    });
  });

  test("leaves out one person's override", async () => {
    const { server, provider } = await start();
    server.write("A", "shared");
    server.secret("A").personal = "mine";
    expect(await valuesOf(provider)).toEqual({ A: "shared" });
  });

  test("with a value that the role may not see is a failure, not a placeholder", async () => {
    const { server, provider } = await start();
    server.write("A", "shared");
    server.secret("A").hidden = true;
    expect(await reasonOf(provider.readAll?.({ signal }))).toBe("value-hidden");
  });

  test("is what a single read answers from", async () => {
    const { server, provider } = await start();
    server.makeFolder("test", "/shared");
    server.import({ environment: "test", path: "/shared" });
    server.write("IMPORTED", to("LOCAL"), "test", "/shared");
    server.write("LOCAL", "there", "test", "/shared");
    server.write("REFERS", `${to("LOCAL")}!`);
    const readings = await provider.readAll?.({ signal });
    for (const name of ["IMPORTED", "REFERS", "LOCAL", "ABSENT"]) {
      expect(await provider.readSecret(name, { signal })).toEqual(readings?.get(name));
    }
    expect(readings?.get("IMPORTED")?.value).toBe("there");
  });

  test("of one folder holds no other folder's secrets", async () => {
    const { server } = await start();
    server.makeFolder("test", "/llm");
    server.write("A", "in the root");
    server.write("A", "in the folder", "test", "/llm");
    expect(await valuesOf(providerFor(server, "universal-auth", "/llm/"))).toEqual({ A: "in the folder" });
  });
});

describe.each<DialectName>(["old", "new"])("absent or wrong place, %s server", (dialect) => {
  test("an empty folder has no secret", async () => {
    const { server, provider } = await start(dialect);
    expect(await provider.readSecret("A", { signal })).toBeUndefined();
    expect(await valuesOf(provider)).toEqual({});
    expect(server.count("get")).toBe(2);
  });

  test("a folder that does not exist is a failure", async () => {
    const { server } = await start(dialect);
    const provider = providerFor(server, "universal-auth", "/nowhere");
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("path-not-found");
    expect(await reasonOf(provider.readSecret("A", { signal, version: "1" }))).toBe("path-not-found");
    expect(await reasonOf(provider.readAll?.({ signal }))).toBe("path-not-found");
  });

  test.each([
    [{ environment: "production" }, "path-not-found"],
    [{ projectId: "another-project" }, "project-not-found"],
  ])("%o is a failure: %s", async (place, reason) => {
    const { server } = await start(dialect);
    server.write("A", "value");
    const { siteUrl } = server;
    const token = server.issue();
    const provider = infisical({ projectId, environment: "test", siteUrl, token, env: {}, ...place });
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe(reason);
    expect(await reasonOf(provider.readSecret("A", { signal, version: "1" }))).toBe(reason);
  });
});

describe.each<DialectName>(["old", "new"])("versions, %s server", (dialect) => {
  test("are read by number, as they were written", async () => {
    const { server, provider } = await start(dialect);
    server.write("A", "first");
    server.write("A", "second");
    expect(await provider.readSecret("A", { signal, version: "1" })).toMatchObject({
      value: "first",
      version: "1",
    });
    expect(server.count()).toBe(1);
    expect(await provider.readSecret("A", { signal, version: "3" })).toBeUndefined();
    expect(await provider.readSecret("B", { signal, version: "1" })).toBeUndefined();
  });

  test("that are no positive whole number are refused before any request", async () => {
    const { server, provider } = await start(dialect);
    for (const version of ["", "0", "-1", "1.5", "latest", "1e3", "99999999999999999999"]) {
      expect(await reasonOf(provider.readSecret("A", { signal, version }))).toBe("version-malformed");
    }
    expect(server.seen).toEqual([]);
  });

  test("that refer to another secret are refused", async () => {
    const { server, provider } = await start(dialect);
    server.write("A", to("B"));
    expect(await reasonOf(provider.readSecret("A", { signal, version: "1" }))).toBe("reference-in-version");
  });

  test("of an imported secret are refused, for they are not absent", async () => {
    const { server, provider } = await start(dialect);
    server.makeFolder("test", "/shared");
    server.import({ environment: "test", path: "/shared" });
    server.write("IMPORTED", "value", "test", "/shared");
    const read = provider.readSecret("IMPORTED", { signal, version: "1" });
    expect(await reasonOf(read)).toBe("version-of-import");
  });

  test("with a hidden value are refused", async () => {
    const { server, provider } = await start(dialect);
    server.write("A", "value");
    server.secret("A").hidden = true;
    expect(await reasonOf(provider.readSecret("A", { signal, version: "1" }))).toBe("value-hidden");
  });
});

test.each(["", "folder/NAME", " NAME", "NAME\n"])(
  "the name %j is refused before any request",
  async (key) => {
    const { server, provider } = await start();
    expect(() => provider.storeKey?.(key)).toThrow(/name/);
    await expect(provider.readSecret(key, { signal })).rejects.toThrow(/name/);
    expect(server.seen).toEqual([]);
  },
);
