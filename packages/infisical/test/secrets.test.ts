import { createSecrets, type Secrets } from "@keyward/core";
import { afterEach, expect, test } from "vitest";
import { credentials, projectId } from "./api.ts";
import { providerFor } from "./harness.ts";
import { manualClock } from "./manual-clock.ts";
import { type FakeInfisical, startInfisical } from "./server.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

const names = Array.from({ length: 200 }, (_, index) => `KEY_${index}`);
const pollMs = 60_000;

async function open() {
  const clock = manualClock();
  const server: FakeInfisical = await startInfisical();
  for (const name of names) server.write(name, `value of ${name}`);
  const secrets: Secrets = createSecrets({
    providers: { infisical: providerFor(server) },
    clock,
    // The first look comes at a random moment of the interval: here at its end.
    random: () => 0.999999,
    cache: { ttlMs: 10 * pollMs },
    poll: { intervalMs: pollMs, jitter: 0 },
  });
  opened.push(server, secrets);
  return { clock, server, secrets };
}

test("200 references cost one login and one list", async () => {
  const { server, secrets } = await open();
  const config = await secrets.resolve({
    bare: names.slice(0, 100).map((name) => `os.environ/${name}`),
    named: names.slice(100).map((name) => `secret://infisical/${name}`),
  });
  expect([...config.bare, ...config.named]).toEqual(names.map((name) => `value of ${name}`));
  expect(server.seen.map(({ operation }) => operation)).toEqual(["login", "list"]);
});

test("a changed value is in use within the interval, at one request however many secrets", async () => {
  const { clock, server, secrets } = await open();
  const told: string[] = [];
  for (const name of names) secrets.subscribe(name, (secret) => told.push(secret.reveal()));
  await expect.poll(() => told.length).toBe(200);
  const before = server.seen.length;

  for (const round of [1, 2, 3]) {
    told.length = 0;
    server.write("KEY_7", `rotated ${round}`);
    clock.advance(pollMs);
    await expect.poll(() => told).toEqual([`rotated ${round}`]);
    expect(await secrets.get("KEY_7")).toBe(`rotated ${round}`);
    expect(server.seen.length - before).toBe(round);
  }
});

test("a token that expires between two looks does not fail a read", async () => {
  const { server, secrets } = await open();
  await secrets.get("KEY_1");
  server.end("expired");
  server.write("KEY_1", "rotated");
  secrets.invalidate();
  expect(await secrets.getMany(["KEY_1", "KEY_2"])).toEqual({ KEY_1: "rotated", KEY_2: "value of KEY_2" });
  expect(server.seen.map(({ operation }) => operation)).toEqual(["login", "list", "list", "login", "list"]);
});

test("a failure names the place and the remedy, and no credential", async () => {
  const { server, secrets } = await open();
  server.allow(false);
  const error: unknown = await secrets.get("KEY_1").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "denied", reason: "not-allowed", key: "KEY_1" });
  const text = JSON.stringify(error);
  expect(text).toContain(`infisical(${new URL(server.siteUrl).host}/${projectId}/test/)`);
  expect(text).toContain("Give it a role");
  for (const credential of [credentials.clientSecret, ...server.issued()]) {
    expect(text).not.toContain(credential);
  }
});

test("a folder in a name is refused with the way to read it", async () => {
  const { server, secrets } = await open();
  await expect(secrets.get("secret://infisical/llm/KEY_1")).rejects.toMatchObject({
    code: "invalid_name",
    message: expect.stringContaining("secretPath"),
  });
  expect(server.seen).toEqual([]);
});
