import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InfisicalSDK } from "@infisical/sdk";
import { expect, expectTypeOf, test } from "vitest";
import type { InfisicalClient } from "./client.ts";
import { connectionOf, replaceTransport } from "./sdk.ts";

const { signal } = new AbortController();

test("the installed SDK has the place for our transport", async () => {
  const sdk = new InfisicalSDK({ siteUrl: "http://127.0.0.1:1" });
  expect(replaceTransport(sdk, async (method, path) => ({ secrets: [], asked: `${method} ${path}` }))).toBe(
    true,
  );
  const answer: unknown = await sdk.secrets().listSecrets({ projectId: "p", environment: "e" });
  expect(answer).toEqual({ secrets: [], asked: "GET /api/v3/secrets/raw" });
});

test("what does not look like the SDK is left alone", async () => {
  const request = async () => ({});
  expect(replaceTransport({}, request)).toBe(false);
  expect(replaceTransport({ apiClient: {} }, request)).toBe(false);

  class Derived extends InfisicalSDK {}
  expect(await connectionOf(new Derived(), signal)).toBeUndefined();
  expect(await connectionOf({ secrets: new InfisicalSDK().secrets }, signal)).toBeUndefined();
  const bare: InfisicalClient = Object.assign(Object.create(null), { secrets: new InfisicalSDK().secrets });
  expect(await connectionOf(bare, signal)).toBeUndefined();
});

test("a client tells where its calls go", async () => {
  const sdk = new InfisicalSDK({ siteUrl: "https://infisical.example.com/" });
  expect(await connectionOf(sdk, signal)).toEqual({
    siteUrl: "https://infisical.example.com",
    token: undefined,
  });
  sdk.auth().accessToken("t");
  expect(await connectionOf(sdk, signal)).toMatchObject({ token: "t" });
});

test("the SDK fits the type of a client", () => {
  expectTypeOf<InfisicalSDK>().toExtend<InfisicalClient>();
});

test("neither importing the package nor making a provider loads the SDK", async () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { infisical } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
    const provider = infisical({ token: "t", projectId: "p", environment: "e", siteUrl: "http://127.0.0.1:1" });
    const before = loaded.filter((url) => url.includes("@infisical/sdk")).length;
    await provider.readSecret("A", { signal: new AbortController().signal }).catch(() => undefined);
    const after = loaded.filter((url) => url.includes("@infisical/sdk")).length;
    console.log(JSON.stringify({ before, read: after > 0 }));
  `;
  const args = ["--no-warnings", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual({ before: 0, read: true });
});
