import { InfisicalSDK } from "@infisical/sdk";
import { createSecrets, isSecretError, type SecretError } from "@keyward/core";
import { afterEach, describe, expect, test } from "vitest";
import { infisical } from "../src/index.ts";
import { credentials, projectId } from "./api.ts";
import { type AccessKind, providerFor } from "./harness.ts";
import { type FakeInfisical, type Fault, startInfisical } from "./server.ts";

/** Far above the deadline below, and below any wait of the SDK's own that it is to cut short. */
const soonMs = 5_000;
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function open(kind: AccessKind, deadlineMs?: number) {
  const server = await startInfisical();
  opened.push(server);
  server.write("OPENAI_API_KEY", "sk-under-test");
  const provider = providerFor(server, kind);
  const secrets = createSecrets({
    providers: [provider],
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  opened.push(secrets);
  return { server, provider, secrets };
}

async function failureOf(read: Promise<unknown>): Promise<SecretError> {
  const error = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isSecretError(error)) throw new Error("expected a SecretError");
  return error;
}

/** Waits for the last request to be ended by the client. */
async function lastEnded(server: FakeInfisical): Promise<void> {
  await server.seen.at(-1)?.ended;
}

const kinds: readonly AccessKind[] = ["universal-auth", "token", "client"];

describe.each(kinds)("with %s, through core", (kind) => {
  test.each<Fault>([{ kind: "hang" }, { kind: "stall" }])(
    "a server that does $kind ends at the deadline, and so does the request",
    async (fault) => {
      const { server, provider, secrets } = await open(kind, 400);
      // Not by way of core: loading the SDK and logging in need not meet its short deadline on a busy machine.
      await provider.readSecret("OPENAI_API_KEY", { signal: new AbortController().signal });
      server.misbehave(fault);
      const startedAt = performance.now();
      const error = await failureOf(secrets.get("OPENAI_API_KEY"));
      expect(performance.now() - startedAt).toBeLessThan(soonMs);
      expect(error.code).toBe("timeout");
      await lastEnded(server);
    },
  );

  test("a 429 with Retry-After 60 ends at once, for the wait does not fit into the deadline", async () => {
    const { server, secrets } = await open(kind);
    await secrets.get("OPENAI_API_KEY");
    secrets.invalidate();
    const before = server.seen.length;
    server.misbehave({ kind: "throttle", retryAfterSeconds: 60 });
    const startedAt = performance.now();
    const error = await failureOf(secrets.get("OPENAI_API_KEY"));
    expect(performance.now() - startedAt).toBeLessThan(soonMs);
    expect(error).toMatchObject({ code: "throttled", reason: "rate-limited", retryAfterMs: 60_000 });
    expect(server.seen.length - before).toBe(1);
  });
});

describe("an answer that is not Infisical's", () => {
  test.each<[Fault, string]>([
    [{ kind: "page", status: 200 }, "unreadable-answer"],
    [{ kind: "page", status: 404 }, "wrong-address"],
    [{ kind: "page", status: 502 }, "server-failing"],
    [{ kind: "cut" }, "unreachable"],
  ])("%o is a failure: %s", async (fault, reason) => {
    for (const kind of kinds) {
      const { server, secrets } = await open(kind, 3_000);
      server.misbehave(fault);
      expect(await failureOf(secrets.find("OPENAI_API_KEY"))).toMatchObject({ reason });
    }
  });

  test("an address of another API is not an absent secret", async () => {
    const { server } = await open("token");
    const provider = infisical({
      projectId,
      environment: "test",
      token: server.issue(),
      siteUrl: `${server.siteUrl}/elsewhere`,
      env: {},
    });
    const secrets = createSecrets({ providers: [provider] });
    opened.push(secrets);
    expect(await failureOf(secrets.find("OPENAI_API_KEY"))).toMatchObject({ reason: "wrong-address" });
  });

  test("a redirect is a failure, and takes the client secret nowhere else", async () => {
    const elsewhere = await startInfisical();
    opened.push(elsewhere);
    const { server, secrets } = await open("universal-auth");
    server.misbehave({ kind: "redirect", to: `${elsewhere.siteUrl}/api/v1/auth/universal-auth/login` });
    expect(await failureOf(secrets.get("OPENAI_API_KEY"))).toMatchObject({ reason: "wrong-address" });
    expect(elsewhere.seen).toEqual([]);
  });

  test("no message tells the project, the name or a credential", async () => {
    const { server, secrets } = await open("universal-auth");
    for (const fault of [{ kind: "page", status: 500 }, { kind: "cut" }] as const) {
      server.misbehave(fault);
      const { message: whole, provider = "" } = await failureOf(secrets.get("OPENAI_API_KEY"));
      const message = whole.replaceAll(provider, "").replaceAll("OPENAI_API_KEY", "");
      expect(message).not.toContain(projectId);
      expect(message).not.toContain(credentials.clientSecret);
      expect(message).not.toContain("token-in-a-page");
    }
  });
});

describe("a client that cannot be cancelled", () => {
  test("is given up at the deadline, and called no more while four of its calls go on", async () => {
    const server = await startInfisical();
    opened.push(server);
    server.write("OPENAI_API_KEY", "sk-under-test");
    const sdk = new InfisicalSDK({ siteUrl: server.siteUrl });
    sdk.auth().accessToken(server.issue());
    const endCalls: (() => void)[] = [];
    const stuck = { on: false };
    const client = {
      secrets: () => ({
        listSecrets: async (options: Parameters<ReturnType<typeof sdk.secrets>["listSecrets"]>[0]) => {
          if (stuck.on) await new Promise<void>((resolve) => endCalls.push(resolve));
          return sdk.secrets().listSecrets(options);
        },
        getSecret: sdk.secrets().getSecret,
      }),
    };
    const provider = infisical({ client, projectId, environment: "test", env: {} });
    // Time enough on a busy machine for a call to reach the client before it is given up.
    const secrets = createSecrets({ providers: [provider], cache: false, deadlineMs: 300 });
    opened.push(secrets);
    expect(provider.name).toBe(`infisical(client/${projectId}/test/)`);

    stuck.on = true;
    for (let call = 0; call < 4; call += 1) {
      expect((await failureOf(secrets.get("OPENAI_API_KEY"))).code).toBe("timeout");
    }
    expect(await failureOf(secrets.get("OPENAI_API_KEY"))).toMatchObject({
      code: "unavailable",
      reason: "calls-unanswered",
    });
    expect(endCalls.length).toBe(4);

    stuck.on = false;
    for (const end of endCalls) end();
    const { signal } = new AbortController();
    const read = () => provider.readSecret("OPENAI_API_KEY", { signal });
    await expect.poll(() => read().catch(() => undefined)).toMatchObject({ value: "sk-under-test" });
  });
});
