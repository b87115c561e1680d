import type { AccessToken, GetTokenOptions } from "@azure/identity";
import { describe, expect, test, vi } from "vitest";
import { shareSignIn } from "./shared-sign-in.ts";

const scope = "https://vault.azure.net/.default";
const token: AccessToken = { token: "token", expiresOnTimestamp: 0 };

/** A credential whose sign-ins end when the test says so. */
function manualCredential() {
  const calls: { readonly options: GetTokenOptions; readonly end: PromiseWithResolvers<AccessToken> }[] = [];
  return {
    calls,
    getToken(_: string | string[], options: GetTokenOptions = {}) {
      const end = Promise.withResolvers<AccessToken>();
      calls.push({ options, end });
      return end.promise;
    },
  };
}

describe("shareSignIn", () => {
  test("signs in once for callers with signals of their own, and again for the next", async () => {
    const credential = manualCredential();
    const shared = shareSignIn(credential, 60_000);
    const both = [1, 2].map(() => shared.getToken(scope, { abortSignal: new AbortController().signal }));
    expect(credential.calls).toHaveLength(1);
    credential.calls[0]?.end.resolve(token);
    expect(await Promise.all(both)).toEqual([token, token]);
    const next = shared.getToken(scope);
    expect(credential.calls).toHaveLength(2);
    credential.calls[1]?.end.resolve(token);
    await next;
  });

  test("keeps sign-ins for other tenants and claims apart", async () => {
    const credential = manualCredential();
    const shared = shareSignIn(credential, 60_000);
    const all = [{}, { tenantId: "other" }, { claims: "more" }].map((options) =>
      shared.getToken(scope, options),
    );
    expect(credential.calls).toHaveLength(3);
    for (const { end } of credential.calls) end.resolve(token);
    await Promise.all(all);
  });

  test("lets a caller leave without ending the sign-in of the others", async () => {
    const credential = manualCredential();
    const shared = shareSignIn(credential, 60_000);
    const leaving = new AbortController();
    const left = shared.getToken(scope, { abortSignal: leaving.signal });
    const stays = shared.getToken(scope, { abortSignal: new AbortController().signal });
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(credential.calls[0]?.options.abortSignal?.aborted).toBe(false);
    credential.calls[0]?.end.resolve(token);
    expect(await stays).toBe(token);
  });

  test("ends a sign-in that everybody has left, and starts another for the next caller", async () => {
    const credential = manualCredential();
    const shared = shareSignIn(credential, 60_000);
    const leaving = new AbortController();
    const left = shared.getToken(scope, { abortSignal: leaving.signal });
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(credential.calls[0]?.options.abortSignal?.aborted).toBe(true);
    const next = shared.getToken(scope);
    credential.calls[1]?.end.resolve(token);
    expect(await next).toBe(token);
  });

  test("gives everybody the failure and forgets it", async () => {
    const credential = manualCredential();
    const shared = shareSignIn(credential, 60_000);
    const both = [1, 2].map(() => shared.getToken(scope));
    credential.calls[0]?.end.reject(new Error("no"));
    for (const one of both) await expect(one).rejects.toMatchObject({ name: "SignInError" });
    const next = shared.getToken(scope);
    credential.calls[1]?.end.resolve(token);
    expect(await next).toBe(token);
  });

  test("ends a sign-in that takes too long, whoever waits", async () => {
    vi.useFakeTimers();
    try {
      const shared = shareSignIn(manualCredential(), 10_000);
      const waiting = expect(shared.getToken(scope)).rejects.toMatchObject({
        failure: { reason: "sign-in-unreachable", kind: "unavailable" },
      });
      await vi.advanceTimersByTimeAsync(10_000);
      await waiting;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("ends what is under way when it is closed", async () => {
    const shared = shareSignIn(manualCredential(), 60_000);
    const waiting = expect(shared.getToken(scope)).rejects.toThrow("closed");
    shared.close();
    await waiting;
    // What the SDK's background renewal gets, so that it ends.
    expect(await shared.getToken(scope)).toEqual({ token: "", expiresOnTimestamp: 0 });
  });
});
