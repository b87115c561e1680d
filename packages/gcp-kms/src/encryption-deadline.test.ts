import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { workload } from "../test/google-credentials.ts";
import { keyName } from "../test/harness.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { type TokenService, tokenService } from "../test/token-service.ts";
import { encryptUntil } from "./encrypt.ts";
import { encrypt, GcpKmsError, type KmsClient } from "./index.ts";

const never = new Promise<never>(() => undefined);
const plaintext = "a secret to be kept";

/** Loads credentials for ever. */
const client: KmsClient = { decrypt: () => never, encrypt: () => never, initialize: () => never };

describe("an encryption whose credentials never come", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("ends after twenty seconds, and keeps no timer", async () => {
    const outcome = vi.fn();
    encrypt({ keyName, client, name: "VALUE", plaintext }).catch(outcome);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(outcome).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toHaveBeenCalledExactlyOnceWith(expect.any(GcpKmsError));
    expect(outcome).toHaveBeenCalledWith(
      expect.objectContaining({ reason: "timeout", message: expect.stringContaining("VALUE") }),
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends earlier when its signal aborts, with the signal's reason", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = expect(encrypt({ keyName, client, name: "VALUE", plaintext, signal })).rejects.toThrow(
      "enough",
    );
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error("enough"));
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends with the signal's reason when both come at once", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = expect(
      encryptUntil(signal, { keyName, client, name: "VALUE", plaintext, signal }),
    ).rejects.toThrow("enough");
    controller.abort(new Error("enough"));
    await outcome;
  });
});

describe.each(["grpc", "rest"] as const)("over %s, where the token service hangs", (transport) => {
  const folder = temporaryFolder();
  let tokens: TokenService;

  beforeEach(async () => {
    tokens = await tokenService();
    tokens.answer = "hang";
    for (const name of ["HOME", "APPDATA", "CLOUDSDK_CONFIG"]) vi.stubEnv(name, folder.path);
    const credentials = workload(tokens.url, folder.write("subject", "the token of the workload"));
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", folder.write("workload.json", credentials));
    // What Google's library would look up, at the metadata server and with a token.
    vi.stubEnv("GCE_METADATA_HOST", "127.0.0.1:1");
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    vi.stubEnv("GOOGLE_CLOUD_PROJECT", undefined);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await tokens[Symbol.asyncDispose]();
    folder.dispose();
  });

  test("an encryption ends with its deadline", async () => {
    const deadline = new AbortController();
    const endpoint = "https://127.0.0.1:1";
    const sealing = encryptUntil(deadline.signal, { keyName, transport, endpoint, name: "VALUE", plaintext });
    const outcome = expect(sealing).rejects.toMatchObject({ name: "GcpKmsError", reason: "timeout" });
    await expect.poll(() => tokens.asked, { timeout: 9_000 }).toBe(1);
    deadline.abort();
    await outcome;
  }, 10_000);
});
