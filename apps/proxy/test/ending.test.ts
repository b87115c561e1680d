import { expect, test } from "vitest";
import { FakeService } from "../../../packages/gcp-kms/test/fake-service.ts";
import { serviceAccount } from "../../../packages/gcp-kms/test/google-credentials.ts";
import { keyward } from "./command.ts";
import { files } from "./running-proxy.ts";
import { encryptWith, keyName } from "./sealed.ts";
import { silentServer } from "./silent-server.ts";

test("check ends with its result, though a store never answers", async () => {
  const service = new FakeService();
  service.keys.create(keyName);
  await using silent = await silentServer();
  await using folder = await files({
    "config.yaml": `
general_settings: { use_google_kms: true, database_url: os.environ/SEALED }
secrets: { deadline: 3 }
`,
    ".env": `SEALED=${encryptWith(service, "postgres://db.example/keyward")}\n`,
    "credentials.json": serviceAccount(),
  });
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: folder.path("credentials.json"),
    GOOGLE_KMS_RESOURCE_NAME: keyName,
    GOOGLE_KMS_ENDPOINT: `localhost:${silent.port}`,
    METADATA_SERVER_DETECTION: "none",
  };
  await using command = keyward(["check", "--config", "config.yaml"], { cwd: folder.folder, env });
  await command.until(/did not end within 3000 ms/);
  expect(await command.ended).toBe(1);
});
