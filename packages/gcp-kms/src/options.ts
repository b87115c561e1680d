import type { SecretProvider } from "@keyward/core";
import { type AdditionalAuthenticatedData, checkAdditionalData } from "./additional-data.ts";
import { type Connection, handedIn, ownConnection, type Transport } from "./connection.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { Environment } from "./environment-source.ts";
import { checkKeyName } from "./key-name.ts";
import type { KmsClient } from "./kms-client.ts";

/** How to reach the key, for reading and for encrypting. */
export interface KmsOptions {
  /**
   * A ready `KeyManagementServiceClient`. It is not closed with the provider. Without it, one is made at the first
   * read, with application default credentials: `GOOGLE_APPLICATION_CREDENTIALS`, gcloud's, or the machine's.
   */
  readonly client?: KmsClient;
  /**
   * `projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY`.
   * Default: the environment variable `GOOGLE_KMS_RESOURCE_NAME`.
   */
  readonly keyName?: string;
  /** `"grpc"`, the default, or `"rest"`: HTTP/1.1 and JSON, for networks that let nothing else through. */
  readonly transport?: Transport;
  /**
   * Another endpoint: `host`, `host:port`, `https://host:port`, or `http://host:port` for an emulator, to which no
   * credentials are sent. Default: the environment variable `GOOGLE_KMS_ENDPOINT`, then Google's own.
   */
  readonly endpoint?: string;
  /** What binds a ciphertext to its place; must be the same at encryption and decryption. Default: nothing. */
  readonly additionalAuthenticatedData?: AdditionalAuthenticatedData;
  /** Where the variables named here are looked up. Default `process.env`, as it is when they are needed. */
  readonly environment?: Environment;
}

export interface GcpKmsOptions extends KmsOptions {
  /** Who holds the ciphertexts. Default: the environment, then `.env` in the working directory. Closed with the provider. */
  readonly source?: SecretProvider;
  /**
   * What a value is that is no ciphertext: `"absent"`, the default, so that plain settings can live beside encrypted
   * ones and another provider can answer for them, or `"refuse"`, an error, where everything has to be encrypted.
   */
  readonly plainValues?: "absent" | "refuse";
  /**
   * Milliseconds for which the result of a decryption may be used again for the same ciphertext, key and additional
   * data, so that polling an unchanged source costs no requests. That long a disabled key, a right taken away or an
   * outage goes unnoticed. Kept in the memory of this provider until it is closed, for at most 1,000 ciphertexts.
   * Default 300,000 (five minutes); with 0 every read asks Cloud KMS.
   */
  readonly reuseForMs?: number;
  /**
   * A folder in which the processes and threads of one user on this machine meet to decrypt each ciphertext once for
   * all of them, and not once each. Made if it is not there; nobody else may be able to open it, or to rename a folder
   * above it. It holds a socket: what is decrypted passes between memories, the leader's holds that of all, and it is
   * written nowhere. Not for a `client` that is given, and not on Windows.
   * Default: the environment variable `GOOGLE_KMS_SHARE_FOLDER`, then none: each decrypts for itself.
   */
  readonly shareFolder?: string;
}

/** Options that have been checked, with every default filled in. */
export interface Settings {
  readonly keyName: string;
  readonly connection: Connection;
  readonly additionalData: AdditionalAuthenticatedData | undefined;
  readonly environment: Environment;
}

/** @throws TypeError that names the option or the environment variable, and the remedy. */
export function settingsFrom(options: KmsOptions): Settings {
  const environment = options.environment ?? process.env;
  const keyName =
    options.keyName === undefined
      ? checkKeyName(environment.GOOGLE_KMS_RESOURCE_NAME, "GOOGLE_KMS_RESOURCE_NAME")
      : checkKeyName(options.keyName, "keyName");
  const additionalData = checkAdditionalData(options.additionalAuthenticatedData);
  return { keyName, connection: connectionFrom(options, environment), additionalData, environment };
}

function connectionFrom(options: KmsOptions, environment: Environment): Connection {
  const { client, transport = "grpc" } = options;
  if (transport !== "grpc" && transport !== "rest") {
    throw new TypeError('Google Cloud KMS: transport is "grpc" or "rest".');
  }
  if (client) {
    if (options.endpoint !== undefined || options.transport !== undefined) {
      throw new TypeError(
        "Google Cloud KMS: endpoint and transport are settings of the client that is given.",
      );
    }
    return handedIn(client);
  }
  const origin = options.endpoint === undefined ? "GOOGLE_KMS_ENDPOINT" : "endpoint";
  const endpoint = options.endpoint ?? environment.GOOGLE_KMS_ENDPOINT;
  return ownConnection(transport, endpoint ? parseEndpoint(endpoint, origin) : undefined);
}
