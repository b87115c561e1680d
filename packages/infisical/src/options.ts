import type { InfisicalClient } from "./client.ts";
import { folderPath, siteAddress } from "./place.ts";

/**
 * Who reads, and what. Whatever is not given is taken from `env`. An access is, in this order: `client`, `token`,
 * `clientId` with `clientSecret`; then INFISICAL_CLIENT_ID with INFISICAL_CLIENT_SECRET, then INFISICAL_TOKEN.
 */
export interface InfisicalOptions {
  /** An `InfisicalSDK` that is logged in. Staying logged in is then up to its owner. */
  readonly client?: InfisicalClient;
  /** An access token or service token. It is not renewed. Default INFISICAL_TOKEN. */
  readonly token?: string;
  /** Of a machine identity's universal auth. Default INFISICAL_CLIENT_ID. */
  readonly clientId?: string;
  /** Of a machine identity's universal auth. Default INFISICAL_CLIENT_SECRET. */
  readonly clientSecret?: string;
  /** The ID in the project's settings. Default INFISICAL_PROJECT_ID. */
  readonly projectId?: string;
  /** The slug, as `prod`. Default INFISICAL_ENVIRONMENT. */
  readonly environment?: string;
  /** The folder, as `/llm/eu`. Default INFISICAL_SECRET_PATH, or else `/`. */
  readonly secretPath?: string;
  /** Address of the instance, without `/api`. Default INFISICAL_SITE_URL, or else `https://app.infisical.com`. */
  readonly siteUrl?: string;
  /** Where the variables come from. Default `process.env`, looked at when `infisical()` is called. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type Credentials =
  | { readonly kind: "client"; readonly client: InfisicalClient }
  | { readonly kind: "token"; readonly token: string }
  | {
      readonly kind: "universal-auth";
      readonly clientId: string;
      readonly clientSecret: string;
    };

export interface Settings {
  readonly credentials: Credentials;
  readonly siteUrl: string;
  readonly projectId: string;
  readonly environment: string;
  readonly secretPath: string;
}

const known: Readonly<Record<keyof InfisicalOptions, true>> = {
  client: true,
  token: true,
  clientId: true,
  clientSecret: true,
  projectId: true,
  environment: true,
  secretPath: true,
  siteUrl: true,
  env: true,
};

const texts = [
  "token",
  "clientId",
  "clientSecret",
  "projectId",
  "environment",
  "secretPath",
  "siteUrl",
] as const;

/** @throws TypeError that names everything missing or wrong at once. */
export function settingsFrom(options: InfisicalOptions): Settings {
  const env = options.env ?? process.env;
  const problems = Object.keys(options)
    .filter((name) => !Object.hasOwn(known, name))
    .map(refusal);
  for (const name of texts) {
    if (options[name] !== undefined && typeof options[name] !== "string")
      problems.push(`${name} must be text`);
  }
  if (problems.length > 0) throw mistake(problems);

  const required = (given: string | undefined, option: string, variable: string): string => {
    const value = given ?? env[variable];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    problems.push(`${option} is missing: give the option or set ${variable}`);
    return "";
  };
  const attempt = (work: () => string): string => {
    try {
      return work();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : "");
      return "";
    }
  };

  const settings: Settings = {
    projectId: required(options.projectId, "projectId", "INFISICAL_PROJECT_ID"),
    environment: required(options.environment, "environment", "INFISICAL_ENVIRONMENT"),
    secretPath: attempt(() => folderPath(options.secretPath ?? (env.INFISICAL_SECRET_PATH || "/"))),
    siteUrl: attempt(() =>
      siteAddress(options.siteUrl ?? (env.INFISICAL_SITE_URL || "https://app.infisical.com")),
    ),
    credentials: credentialsFrom(options, env, required, problems),
  };
  if (problems.length > 0) throw mistake(problems);
  return settings;
}

function mistake(problems: readonly string[]): TypeError {
  return new TypeError(`infisical(): ${problems.join("; ")}.`);
}

function credentialsFrom(
  options: InfisicalOptions,
  env: Readonly<Record<string, string | undefined>>,
  required: (given: string | undefined, option: string, variable: string) => string,
  problems: string[],
): Credentials {
  const { client, token, clientId, clientSecret } = options;
  const pair = clientId !== undefined || clientSecret !== undefined;
  if ([client !== undefined, token !== undefined, pair].filter(Boolean).length > 1) {
    problems.push("client, token and clientId are three ways to get in: give one of them");
  }
  if (client !== undefined) {
    if (options.siteUrl !== undefined) problems.push("siteUrl has no effect on a client that is handed in");
    if (typeof client.secrets !== "function") problems.push("client is not an InfisicalSDK");
    return { kind: "client", client };
  }
  if (token !== undefined || (!pair && !env.INFISICAL_CLIENT_ID && env.INFISICAL_TOKEN)) {
    return {
      kind: "token",
      token: required(token, "token", "INFISICAL_TOKEN"),
    };
  }
  return {
    kind: "universal-auth",
    clientId: required(clientId, "clientId", "INFISICAL_CLIENT_ID"),
    clientSecret: required(clientSecret, "clientSecret", "INFISICAL_CLIENT_SECRET"),
  };
}

function refusal(option: string): string {
  if (option === "recursive") {
    return "recursive is not supported, for sub-folders may hold the same name: make one provider per folder";
  }
  return `there is no option ${option}; the options are ${Object.keys(known).join(", ")}`;
}
