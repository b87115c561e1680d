import type { SecretProvider } from "@keyward/core";
import { underBoth } from "./abort.ts";
import { type Access, clientAccess, tokenAccess, universalAuthAccess } from "./access.ts";
import { classify } from "./classify.ts";
import { folder } from "./folder.ts";
import { secretName, versionNumber } from "./name.ts";
import { type InfisicalOptions, type Settings, settingsFrom } from "./options.ts";

/**
 * The secrets of one folder of an Infisical project, imports and references filled in. One request reads them all.
 *
 * @throws TypeError that names every option or variable that is missing or wrong.
 */
export function infisical(options: InfisicalOptions = {}): SecretProvider {
  const settings = settingsFrom(options);
  const { projectId, environment, secretPath } = settings;
  const secrets = folder({ projectId, environment, secretPath }, accessFor(settings));
  const closing = new AbortController();

  return {
    name: nameOf(settings),
    storeKey: secretName,
    classify,

    readSecret(key, context) {
      return underBoth(context.signal, closing.signal, async (signal) => {
        const name = secretName(key);
        if (context.version !== undefined)
          return secrets.pinned(name, versionNumber(context.version), signal);
        // Asked for one secret, the server fills in neither imports nor references within the folder.
        return (await secrets.all(signal)).get(name);
      });
    },

    readAll(context) {
      return underBoth(context.signal, closing.signal, secrets.all);
    },

    async close() {
      closing.abort(new Error("The Infisical provider is closed."));
    },
  };
}

function accessFor({ credentials, siteUrl }: Settings): Access {
  switch (credentials.kind) {
    case "client":
      return clientAccess(credentials.client);
    case "token":
      return tokenAccess(siteUrl, credentials.token);
    case "universal-auth": {
      const { clientId, clientSecret } = credentials;
      return universalAuthAccess(siteUrl, { clientId, clientSecret });
    }
  }
}

function nameOf({ credentials, siteUrl, projectId, environment, secretPath }: Settings): string {
  const host = credentials.kind === "client" ? "client" : new URL(siteUrl).host;
  return `infisical(${host}/${projectId}/${environment}${secretPath})`;
}
