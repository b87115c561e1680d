import type { KeyManagementServiceClient } from "@google-cloud/kms";
import { describe, expect, expectTypeOf, test } from "vitest";
import { keyName } from "../test/harness.ts";
import { encrypt, gcpKms, type KmsClient } from "./index.ts";

const environment = {};

describe("a key name", () => {
  test.each([
    ["is missing", undefined, /no key is named.*GOOGLE_KMS_RESOURCE_NAME/],
    ["is empty", "", /no key is named/],
    ["is the reference's placeholder", "projects/*/locations/*/keyRings/*/cryptoKeys/*", /asterisk/],
    ["names a version", `${keyName}/cryptoKeyVersions/1`, /Leave out \/cryptoKeyVersions/],
    ["begins with a slash", `/${keyName}`, /form projects\//],
    ["ends in a line break", `${keyName}\n`, /form projects\//],
    ["is a key ring", keyName.replace(/\/cryptoKeys.*/, ""), /form projects\//],
    ["climbs out", keyName.replace("/ring/", "/../"), /form projects\//],
  ])("that %s is refused at construction", (_what, name, message) => {
    const variables = name === undefined ? {} : { GOOGLE_KMS_RESOURCE_NAME: name };
    expect(() => gcpKms({ environment: variables })).toThrow(message);
    if (name !== undefined) {
      expect(() => gcpKms({ environment: variables })).toThrow(/GOOGLE_KMS_RESOURCE_NAME/);
      expect(() => gcpKms({ keyName: name, environment })).toThrow(/keyName/);
    }
  });

  test.each([keyName, keyName.replace("keyward-test", "example.com:keyward-test")])("%s is taken", (name) => {
    expect(gcpKms({ keyName: name, environment }).name).toContain(name);
  });

  test("given as an option comes before the environment", () => {
    const variables = { GOOGLE_KMS_RESOURCE_NAME: "nothing" };
    expect(gcpKms({ keyName, environment: variables }).name).toContain(keyName);
  });
});

describe("an endpoint", () => {
  test.each([
    "kms.example",
    "kms.example:8443",
    "https://kms.example",
    "http://127.0.0.1:9010",
    "http://[::1]:1",
  ])("%s is taken", (endpoint) => {
    expect(() => gcpKms({ keyName, endpoint, environment })).not.toThrow();
    expect(() => gcpKms({ keyName, environment: { GOOGLE_KMS_ENDPOINT: endpoint } })).not.toThrow();
  });

  test.each([
    "ftp://kms.example",
    "https://kms.example/v1",
    "https://user:hunter2@kms.example",
    "https://kms.example?key=hunter2",
    "kms.example:port",
    "http://",
  ])("%s is refused without being repeated", (endpoint) => {
    expect(() => gcpKms({ keyName, endpoint, environment })).toThrow(/^Google Cloud KMS: endpoint is not/);
    const variables = { GOOGLE_KMS_ENDPOINT: endpoint };
    expect(() => gcpKms({ keyName, environment: variables })).toThrow(/GOOGLE_KMS_ENDPOINT is not/);
    expect(() => gcpKms({ keyName, endpoint, environment })).not.toThrow(/hunter2/);
  });
});

test.each([
  [{ transport: "http" }, /transport is "grpc" or "rest"/],
  [{ plainValues: "keep" }, /plainValues is "absent" or "refuse"/],
  [{ reuseForMs: -1 }, /reuseForMs/],
  [{ reuseForMs: Number.NaN }, /reuseForMs/],
  [{ reuseForMs: "300000" }, /reuseForMs has to be of type number, not string/],
  [{ keyName: 7 }, /keyName has to be of type string, not number/],
  [
    { additionalAuthenticateData: "name" },
    /no option additionalAuthenticateData\. The options are client, keyName,.* reuseForMs, shareFolder\./,
  ],
  [{ client: {}, endpoint: "kms.example" }, /settings of the client/],
])("%j is refused at construction", (wrong: object, message) => {
  expect(() => gcpKms({ keyName, environment, ...wrong })).toThrow(message);
});

test("a misspelt binding does not make a ciphertext that is bound to nothing", async () => {
  const misspelt = { name: "A", plaintext: "a", keyName, environment, additionalAuthenticateData: "name" };
  await expect(encrypt(misspelt)).rejects.toThrow(
    "no option additionalAuthenticateData. The options are name, plaintext, signal, client,",
  );
});

test("the vendor's client is a client", () => {
  expectTypeOf<KeyManagementServiceClient>().toExtend<KmsClient>();
});
