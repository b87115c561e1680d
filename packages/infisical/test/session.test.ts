import { afterEach, describe, expect, test } from "vitest";
import { understand } from "../src/classify.ts";
import { infisical } from "../src/index.ts";
import { credentials, projectId } from "./api.ts";
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
  server.write("A", "value-of-a");
  return server;
}

const { signal } = new AbortController();

async function reasonOf(read: Promise<unknown>) {
  const error = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return understand(error)?.reason;
}

describe.each<DialectName>(["old", "new"])("universal auth against the %s server", (dialect) => {
  test("logs in once and stays logged in", async () => {
    const server = await start(dialect);
    const provider = providerFor(server);
    await Promise.all([1, 2, 3, 4, 5].map(() => provider.readSecret("A", { signal })));
    await provider.readSecret("A", { signal });
    expect(server.count("login")).toBe(1);
    expect(server.count("list")).toBe(6);
  });

  test.each(["expired", "revoked"] as const)(
    "a token that is %s is renewed within the read",
    async (state) => {
      const server = await start(dialect);
      const provider = providerFor(server);
      await provider.readSecret("A", { signal });
      server.end(state);
      const readings = await Promise.all([1, 2, 3].map(() => provider.readSecret("A", { signal })));
      expect(readings.map((reading) => reading?.value)).toEqual(["value-of-a", "value-of-a", "value-of-a"]);
      expect(server.count("login")).toBe(2);
    },
  );

  test("a role that may not read is not asked to log in again", async () => {
    const server = await start(dialect);
    const provider = providerFor(server);
    await provider.readSecret("A", { signal });
    server.allow(false);
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("not-allowed");
    expect(server.count("login")).toBe(1);
  });

  test("wrong credentials are denied, and tried again by the next read", async () => {
    const server = await start(dialect);
    const provider = infisical({
      projectId,
      environment: "test",
      clientId: credentials.clientId,
      clientSecret: "not-the-secret",
      siteUrl: server.siteUrl,
      env: {},
    });
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("credentials-rejected");
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("credentials-rejected");
    expect(server.count("login")).toBe(2);
    expect(server.count()).toBe(0);
  });

  test("a token that was handed in and has expired is denied by that name", async () => {
    const server = await start(dialect);
    const provider = providerFor(server, "token");
    server.end("expired");
    expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("token-expired");
    expect(server.seen.map(({ operation }) => operation)).toEqual(["list"]);
  });
});

test("a login page in the place of the login is a failure", async () => {
  const server = await start();
  server.misbehave({ kind: "page", status: 200 });
  expect(await reasonOf(providerFor(server).readSecret("A", { signal }))).toBe("unreadable-answer");
});

test("a login that hangs ends with the last reader, not with the first", async () => {
  const server = await start();
  const provider = providerFor(server);
  server.misbehave({ kind: "hang" });
  const [first, second] = [new AbortController(), new AbortController()];
  const reads = [first, second].map((each) => provider.readSecret("A", { signal: each.signal }));
  const settled = Promise.allSettled(reads);
  await expect.poll(() => server.count("login")).toBe(1);
  const gone = new Error("gone");
  first.abort(gone);
  await expect(reads[0]).rejects.toBe(gone);
  expect(server.count("login")).toBe(1);
  second.abort(gone);
  await settled;
  await server.seen[0]?.ended;
  server.misbehave(undefined);
  expect((await provider.readSecret("A", { signal }))?.value).toBe("value-of-a");
  expect(server.count("login")).toBe(2);
});

test("closing ends a login under way", async () => {
  const server = await start();
  const provider = providerFor(server);
  server.misbehave({ kind: "hang" });
  const read = provider.readSecret("A", { signal });
  const rejected = expect(read).rejects.toThrow("closed");
  await expect.poll(() => server.count("login")).toBe(1);
  await provider.close?.();
  await rejected;
  await server.seen[0]?.ended;
});

test("a client is called with the token that it holds at the time", async () => {
  const server = await start();
  const { InfisicalSDK } = await import("@infisical/sdk");
  const client = new InfisicalSDK({ siteUrl: server.siteUrl });
  const provider = infisical({ client, projectId, environment: "test", env: {} });
  expect(await reasonOf(provider.readSecret("A", { signal }))).toBe("token-rejected");
  client.auth().accessToken(server.issue());
  expect((await provider.readSecret("A", { signal }))?.value).toBe("value-of-a");
});
