import { InfisicalSDK } from "@infisical/sdk";
import { expect, test } from "vitest";
import { understand } from "../src/classify.ts";
import { credentials, projectId } from "./api.ts";
import { dialects } from "./dialect.ts";
import { startInfisical } from "./server.ts";

/** What the installed SDK throws when it makes its calls itself, as it does for a client that we cannot cancel. */
test.each(Object.keys(dialects) as (keyof typeof dialects)[])(
  "the SDK's own errors are understood, %s server",
  async (dialect) => {
    await using server = await startInfisical(dialect);
    const reasonOf = async (call: Promise<unknown>) => {
      const error = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return understand(error)?.reason;
    };
    const sdk = new InfisicalSDK({ siteUrl: server.siteUrl });
    const place = { projectId, environment: "test" };
    const list = () => reasonOf(sdk.secrets().listSecrets(place));
    const get = (secretPath: string) =>
      reasonOf(sdk.secrets().getSecret({ ...place, secretPath, secretName: "A" }));
    const logIn = () =>
      reasonOf(sdk.auth().universalAuth.login({ ...credentials, clientSecret: "not-the-secret" }));

    expect(await logIn()).toBe("credentials-rejected");
    expect(await list()).toBe("token-rejected");
    sdk.auth().accessToken(server.issue());
    expect(await list()).toBeUndefined();
    expect(await get("/")).toBe("no-such-secret");
    expect(await get("/nowhere")).toBe("path-not-found");
    expect(await reasonOf(sdk.secrets().listSecrets({ ...place, projectId: "p" }))).toBe("project-not-found");
    server.allow(false);
    expect(await list()).toBe("not-allowed");
    server.end("expired");
    expect(await list()).toBe("token-expired");
    server.misbehave({ kind: "page", status: 502 });
    expect(await list()).toBe("server-failing");
  },
);
