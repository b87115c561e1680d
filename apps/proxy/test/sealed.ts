import type { FakeService } from "../../../packages/gcp-kms/test/fake-service.ts";

export const keyName = "projects/keyward-test/locations/europe-west3/keyRings/ring/cryptoKeys/key";

/** A ciphertext in base64, made within the service. */
export function encryptWith({ keys }: FakeService, text: string, additionalData = ""): string {
  const { ciphertext } = keys.encrypt({
    name: keyName,
    data: Buffer.from(text),
    dataChecksum: undefined,
    additionalAuthenticatedData: Buffer.from(additionalData),
    additionalAuthenticatedDataChecksum: undefined,
  });
  return ciphertext.toString("base64");
}
