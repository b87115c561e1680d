import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createSecrets } from "@keyward/core";
import { afterEach, expect, test, vi } from "vitest";
import { keyName } from "../test/harness.ts";
import { openKms, secretErrorOf } from "../test/open-kms.ts";
import { gcpKms } from "./index.ts";

let metadataServer: Server;

/** Puts a metadata server where the machine's would be, and takes every other credential away. */
async function standIn(answer: RequestListener): Promise<void> {
  metadataServer = createServer(answer);
  await new Promise<void>((resolve) => metadataServer.listen(0, "127.0.0.1", resolve));
  const address = metadataServer.address();
  vi.stubEnv("GCE_METADATA_HOST", `127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  for (const name of ["HOME", "APPDATA", "CLOUDSDK_CONFIG"]) vi.stubEnv(name, "nowhere");
}

afterEach(async () => {
  vi.unstubAllEnvs();
  metadataServer.closeAllConnections();
  await new Promise((resolve) => metadataServer.close(resolve));
});

test("a machine's metadata server is not asked for credentials that nothing needs", async () => {
  let asked = 0;
  await standIn((_request, response) => {
    asked += 1;
    response.writeHead(404).end();
  });
  for (const transport of ["grpc", "rest"] as const) {
    await using kms = await openKms(transport);
    kms.environment.VALUE = kms.seal("value");
    await expect(kms.secrets().get("VALUE")).resolves.toBe("value");
  }
  expect(asked).toBe(0);
});

test("a metadata server that never answers ends with the deadline", async () => {
  const waiting: ServerResponse[] = [];
  await standIn((_request, response) => {
    waiting.push(response);
  });
  const environment = { VALUE: `CiQA${"A".repeat(100)}` };
  const providers = [gcpKms({ keyName, environment })];
  await using secrets = createSecrets({ providers, deadlineMs: 500 });
  // The SDK's import alone may take that long, and then nothing has been asked yet.
  expect(await secretErrorOf(secrets.get("VALUE"))).toMatchObject({ code: "timeout" });
  await expect.poll(() => waiting.length).toBeGreaterThan(0);
  for (const response of waiting) response.writeHead(404).end();
});
