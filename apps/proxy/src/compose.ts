import type { SecretProvider } from "@keyward/core";
import type { DotenvOptions } from "@keyward/dotenv";
import type { EncryptOptions } from "@keyward/gcp-kms";
import { additionalData } from "./config/additional-data.ts";
import { amount, amountOrNone, fields, flag, list, oneOf, type Reader, text } from "./config/reader.ts";
import { UserError } from "./user-error.ts";

export type { DotenvOptions };

/** Variables for a store's own settings, from wherever they were found. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a store is opened with besides its options. */
export interface OpenContext {
  readonly environment: Environment;
  /** Where the `.env` files are. */
  readonly dotenv: DotenvOptions;
}

/** A store that a configuration can name. */
export interface Store<T> {
  /** What a configuration may say about it. */
  readonly options: Reader<T>;
  /** The variables that its settings are taken from where no option says otherwise. */
  readonly variables?: readonly string[];
  /** Variables that the vendor's client takes from the environment of the process and from nowhere else. */
  readonly processVariables?: readonly string[];
  /** Which options and variables are secret. */
  readonly secret?: readonly string[];
  open(options: T, context: OpenContext): Promise<SecretProvider>;
  /** What the other stores of a configuration may not hand out beside this one. Returns the store that refuses it. */
  guard?(other: SecretProvider): Promise<SecretProvider>;
}

const oneOrSeveral: Reader<string | string[]> = (value, path, notes) =>
  Array.isArray(value) ? list(text)(value, path, notes) : text(value, path, notes);

/** Every store may be given the name that `secret://<id>/...` calls it by. */
const id = text;

/** The one place that names the provider packages. Each is imported when a configuration asks for it. */
export const stores = {
  dotenv: store(fields({ id, path: oneOrSeveral, mode: text, override: flag }), {
    open: ({ path, mode, override }, { dotenv }) => {
      const others = path === undefined && mode === undefined ? dotenv : { ...dotenv, path };
      return openDotenv({ ...others, mode, override });
    },
  }),

  azure_key_vault: store(
    fields({
      id,
      vault_url: text,
      tenant_id: text,
      client_id: text,
      client_secret: text,
      authority_host: text,
      disable_challenge_verification: flag,
      ca: text,
      keep_case: flag,
      sign_in_timeout: amount,
    }),
    {
      variables: [
        "AZURE_KEY_VAULT_URI",
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_AUTHORITY_HOST",
        "AZURE_KEY_VAULT_DISABLE_CHALLENGE_VERIFICATION",
      ],
      secret: ["client_secret", "AZURE_CLIENT_SECRET"],
      async open(options, { environment }) {
        const { azureKeyVault } = await import("@keyward/azure");
        return azureKeyVault({
          env: environment,
          vaultUrl: options.vault_url,
          tenantId: options.tenant_id,
          clientId: options.client_id,
          clientSecret: options.client_secret,
          authorityHost: options.authority_host,
          disableChallengeVerification: options.disable_challenge_verification,
          ca: options.ca,
          keepCase: options.keep_case,
          signInTimeoutMs: milliseconds(options.sign_in_timeout),
        });
      },
    },
  ),

  google_kms: store(
    fields({
      id,
      key_name: text,
      transport: oneOf("grpc", "rest"),
      endpoint: text,
      aad: additionalData,
      plain_values: oneOf("absent", "refuse"),
      reuse_for: amountOrNone,
      share_folder: text,
    }),
    {
      variables: ["GOOGLE_KMS_RESOURCE_NAME", "GOOGLE_KMS_ENDPOINT", "GOOGLE_KMS_SHARE_FOLDER"],
      processVariables: ["GOOGLE_APPLICATION_CREDENTIALS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"],
      async open(options, context) {
        const { gcpKms, protectBytesLiterals } = await import("@keyward/gcp-kms");
        return gcpKms({
          environment: context.environment,
          source: await openDotenv({ ...context.dotenv, prepare: protectBytesLiterals }),
          ...given({
            keyName: options.key_name,
            transport: options.transport,
            endpoint: options.endpoint,
            additionalAuthenticatedData: options.aad,
            plainValues: options.plain_values,
            shareFolder: options.share_folder,
          }),
          // As long as core keeps a value: an unchanged ciphertext costs one request in that time, however often it is read.
          reuseForMs: milliseconds(options.reuse_for) ?? 300_000,
        });
      },
      async guard(other) {
        // A store that lists is no file in which a ciphertext was put in the wrong place, and would not be listed any more.
        if (other.readAll) return other;
        const { refuseCiphertexts } = await import("@keyward/gcp-kms");
        return refuseCiphertexts(other);
      },
    },
  ),

  infisical: store(
    fields({
      id,
      client_id: text,
      client_secret: text,
      token: text,
      project_id: text,
      environment: text,
      secret_path: text,
      site_url: text,
    }),
    {
      variables: [
        "INFISICAL_CLIENT_ID",
        "INFISICAL_CLIENT_SECRET",
        "INFISICAL_TOKEN",
        "INFISICAL_PROJECT_ID",
        "INFISICAL_ENVIRONMENT",
        "INFISICAL_SECRET_PATH",
        "INFISICAL_SITE_URL",
      ],
      secret: ["client_secret", "token", "INFISICAL_CLIENT_SECRET", "INFISICAL_TOKEN"],
      async open(options, { environment }) {
        const { infisical } = await import("@keyward/infisical");
        return infisical({
          env: environment,
          ...given({
            clientId: options.client_id,
            clientSecret: options.client_secret,
            token: options.token,
            projectId: options.project_id,
            environment: options.environment,
            secretPath: options.secret_path,
            siteUrl: options.site_url,
          }),
        });
      },
    },
  ),
};

export type StoreName = keyof typeof stores;

export function isStoreName(name: string): name is StoreName {
  return Object.hasOwn(stores, name);
}

export async function openDotenv(options: DotenvOptions): Promise<SecretProvider> {
  const { dotenv } = await import("@keyward/dotenv");
  return dotenv(options);
}

/** @throws UserError with the remedy, and nothing of the secret */
export async function encryptForGoogleKms(options: EncryptOptions): Promise<string> {
  const { encrypt, GcpKmsError } = await import("@keyward/gcp-kms");
  try {
    return await encrypt(options);
  } catch (error) {
    if (error instanceof GcpKmsError || error instanceof TypeError) throw new UserError(error.message);
    throw error;
  }
}

function store<T>(options: Reader<T>, others: Omit<Store<NoInfer<T>>, "options">): Store<T> {
  return { options, ...others };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined: an option that is left out is not one that is given as nothing. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
