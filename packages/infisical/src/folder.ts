import type { SecretReading } from "@keyward/core";
import type { Access } from "./access.ts";
import { ownReadingsIn, readingIn, readingsIn } from "./answer.ts";
import { understand } from "./classify.ts";
import type { SecretLocation } from "./client.ts";
import { InfisicalFailure } from "./failures.ts";
import { absent } from "./reason.ts";

/** What the server fills in: `${NAME}`, `${env.folder.NAME}`, `${@project.env.folder.NAME}`. */
const reference = /\$\{[\w.@-]+\}/;
/** Asked for only to learn whether the folder exists; any name would do. */
const probe = "KEYWARD_FOLDER_CHECK";

/** One folder of one environment of one project. */
export function folder(location: SecretLocation, access: Access) {
  function list(signal: AbortSignal): Promise<unknown> {
    return access(
      (client) =>
        client.secrets().listSecrets({
          ...location,
          expandSecretReferences: true,
          includeImports: true,
        }),
      signal,
    );
  }

  function one(secretName: string, version: number | undefined, signal: AbortSignal): Promise<unknown> {
    const asked = { ...location, secretName, expandSecretReferences: false };
    return access(
      (client) => client.secrets().getSecret(version === undefined ? asked : { ...asked, version }),
      signal,
    );
  }

  return {
    /** Every secret, imports and references filled in. */
    async all(signal: AbortSignal): Promise<Map<string, SecretReading>> {
      const readings = readingsIn(await list(signal));
      // The list of a folder or an environment that does not exist is empty too; asking for one secret tells.
      if (readings.size === 0) await orAbsent(one(probe, undefined, signal));
      return readings;
    },

    /** One version as it was written. */
    async pinned(name: string, version: number, signal: AbortSignal): Promise<SecretReading | undefined> {
      const answer = await orAbsent(one(name, version, signal));
      if (answer !== absent) {
        const reading = readingIn(answer);
        if (reference.test(reading.value)) throw new InfisicalFailure("reference-in-version");
        return reading;
      }
      // "Absent" would be wrong of a secret that is imported: its versions are in the folder it comes from.
      const current = await list(signal);
      if (readingsIn(current).has(name) && !ownReadingsIn(current).has(name)) {
        throw new InfisicalFailure("version-of-import");
      }
      return undefined;
    },
  };
}

async function orAbsent<T>(read: Promise<T>): Promise<T | typeof absent> {
  try {
    return await read;
  } catch (error) {
    if (understand(error)?.reason === absent) return absent;
    throw error;
  }
}
