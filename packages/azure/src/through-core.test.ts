import { performance } from "node:perf_hooks";
import { createSecrets, type SecretEvent } from "@keyward/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeAzure } from "../test/fake-azure.ts";
import { keyVaultAnswers } from "../test/key-vault-answers.ts";

/** Far above the deadlines below, and far below any wait that they are to cut short. */
const soonMs = 5_000;
let azure: FakeAzure;

beforeEach(async () => {
  azure = await FakeAzure.start();
  azure.vault.secrets.set("A", azure.value);
  azure.vault.secrets.set("B", azure.value);
});
afterEach(() => azure.close());

describe("a deadline holds", () => {
  test.each<[string, (azure: FakeAzure) => void]>([
    [
      "when the vault takes the request and never answers",
      ({ vault }) => {
        vault.intercept = () => {};
      },
    ],
    [
      "when the token endpoint does",
      ({ entra }) => {
        entra.interceptToken = () => {};
      },
    ],
    [
      "when the tenant's configuration does",
      ({ entra }) => {
        entra.interceptConfiguration = () => {};
      },
    ],
    [
      "when the vault's answer stops in the middle",
      ({ vault }) => {
        vault.intercept = (_, response) => void response.writeHead(200).write('{"value":"');
      },
    ],
  ])("%s, with the event loop free and nothing left behind", async (_, hang) => {
    const provider = azure.provider();
    await using secrets = createSecrets({ providers: [provider], deadlineMs: 400 });
    // Loads the SDK, so that what follows is waiting and nothing else.
    await using warm = createSecrets({ providers: [azure.provider()] });
    await warm.get("A");
    hang(azure);

    const started = performance.now();
    let turns = 0;
    let turning: NodeJS.Immediate;
    const turn = () => {
      turns += 1;
      turning = setImmediate(turn);
    };
    turning = setImmediate(turn);
    await expect(secrets.get("A")).rejects.toMatchObject({ code: "timeout", retryable: true });
    clearImmediate(turning);
    // An event loop that is held up takes one turn, however long it is held. Free, it takes thousands.
    expect(turns).toBeGreaterThan(10);
    expect(performance.now() - started).toBeLessThan(soonMs);
    await expect.poll(() => [azure.vault.server.pending(), azure.entra.server.pending()]).toEqual([0, 0]);

    azure.vault.intercept = undefined;
    azure.entra.interceptToken = undefined;
    azure.entra.interceptConfiguration = undefined;
    // Not by way of core, whose short deadline a sign-in need not meet on a busy machine.
    expect(await provider.readSecret("A", { signal: new AbortController().signal })).toMatchObject({
      value: azure.value,
    });
  });
});

test("a Retry-After of an hour is reported and not waited out", async () => {
  await using secrets = createSecrets({ providers: [azure.provider()] });
  azure.vault.answer = keyVaultAnswers.throttled(3600);
  const started = performance.now();
  await expect(secrets.get("A")).rejects.toMatchObject({ code: "throttled", retryAfterMs: 3_600_000 });
  expect(performance.now() - started).toBeLessThan(soonMs);
  expect(azure.vault.reads()).toBe(1);
});

test("a vault that fails once is asked again by core, not by the SDK", async () => {
  await using secrets = createSecrets({ providers: [azure.provider()], retry: { baseMs: 1 } });
  await secrets.get("B");
  const before = azure.vault.reads();
  azure.vault.intercept = (_, response) => {
    azure.vault.intercept = undefined;
    response.writeHead(502).end();
  };
  expect(await secrets.get("A")).toBe(azure.value);
  expect(azure.vault.reads()).toBe(before + 2);
});

test("fifty cold reads at once sign in once", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `SECRET_${index}`);
  for (const name of names) azure.vault.secrets.set(name.replaceAll("_", "-"), `value of ${name}`);
  await using secrets = createSecrets({ providers: [azure.provider()] });
  const values = await secrets.getMany(names);
  expect(values).toEqual(Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
  expect(azure.entra.tokenRequests).toBe(1);
  expect(azure.entra.configurationRequests).toBe(1);
  expect(azure.vault.reads()).toBe(50);
});

test("a new version is seen by polling, and no read fails meanwhile", async () => {
  await using secrets = createSecrets({ providers: [azure.provider()], poll: { intervalMs: 20 } });
  const seen: (string | undefined)[] = [];
  secrets.subscribe("A", (secret) => seen.push(secret.version));
  await expect.poll(() => seen).toHaveLength(1);
  const version = azure.vault.secrets.set("A", "rotated");
  await expect.poll(() => secrets.get("A")).toBe("rotated");
  await expect.poll(() => seen.at(-1)).toBe(version);
  expect(secrets.redact(`${azure.value} rotated`)).toBe("[secret] [secret]");
});

test("a revoked value is read anew at once after it was invalidated", async () => {
  await using secrets = createSecrets({ providers: [azure.provider()] });
  await secrets.get("A");
  azure.vault.secrets.set("A", "new");
  expect(await secrets.get("A")).toBe(azure.value);
  secrets.invalidate("A");
  expect(await secrets.get("A")).toBe("new");
});

test("a version can be pinned in a reference", async () => {
  const [older = ""] = [azure.vault.secrets.set("A", "older"), azure.vault.secrets.set("A", "newer")];
  await using secrets = createSecrets({ providers: { vault: azure.provider() } });
  expect(await secrets.get(`secret://vault/A?version=${older}`)).toBe("older");
  expect(await secrets.get("os.environ/A")).toBe("newer");
});

test("two spellings of one secret are read once and reported", async () => {
  azure.vault.secrets.set("AZURE-API-KEY", "value");
  const events: SecretEvent[] = [];
  await using secrets = createSecrets({
    providers: [azure.provider()],
    onEvent: (event) => events.push(event),
  });
  const config = {
    a: "os.environ/AZURE_API_KEY",
    b: "os.environ/AZURE-API-KEY",
    c: "os.environ/azure-api-key",
  };
  expect(await secrets.resolve(config)).toEqual({ a: "value", b: "value", c: "value" });
  expect(azure.vault.reads()).toBe(1);
  expect(events.filter(({ type }) => type === "collision")).toMatchObject([
    { key: "AZURE-API-KEY", otherKey: "AZURE_API_KEY" },
    { key: "azure-api-key", otherKey: "AZURE_API_KEY" },
  ]);
});
