import { createSecrets } from "@keyward/core";
import { describe, expect, test } from "vitest";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { encrypt, gcpKms } from "./index.ts";

describe.each(["grpc", "rest"] as const)("a service that never answers over %s", (transport) => {
  test("ends a read at core's deadline, and the request with it", async () => {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    const provider = gcpKms({ ...kms.options, reuseForMs: 0 });
    await using secrets = createSecrets({ providers: [provider], deadlineMs: 400, cache: false });
    // Not by way of core: loading the SDK and connecting need not meet its short deadline on a busy machine.
    const read = () => provider.readSecret("VALUE", { signal: new AbortController().signal });
    await read();
    kms.service.hanging = true;
    const begun = performance.now();
    const error = await secretErrorOf(secrets.get("VALUE"));
    const took = performance.now() - begun;
    expect(error).toMatchObject({ code: "timeout", key: "VALUE" });
    expect(took).toBeGreaterThan(350);
    // Far above the deadline, and below the ten seconds after which a request ends by itself.
    expect(took).toBeLessThan(5_000);
    await expect.poll(() => kms.service.pending).toBe(0);
    kms.service.heal();
    await expect(read()).resolves.toMatchObject({ value: "value" });
  });

  test("ends an encryption when its signal aborts", async () => {
    await using kms = await openKms(transport);
    kms.service.hanging = true;
    const controller = new AbortController();
    const { signal } = controller;
    const sealing = encrypt({ ...kms.options, name: "VALUE", plaintext: "value", signal });
    const outcome = expect(sealing).rejects.toThrow("enough");
    await expect.poll(() => kms.service.pending).toBe(1);
    controller.abort(new Error("enough"));
    await outcome;
    await expect.poll(() => kms.service.pending).toBe(0);
  });
});
