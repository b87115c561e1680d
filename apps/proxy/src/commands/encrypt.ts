import { createSecrets, isSecretError } from "@keyward/core";
import { encryptForGoogleKms, openDotenv } from "../compose.ts";
import { additionalDataForm, parseAdditionalData } from "../config/additional-data.ts";
import { UserError } from "../user-error.ts";
import { readSecret, type SecretInput } from "./secret-input.ts";

export interface EncryptOptions {
  readonly name: string;
  readonly keyName?: string | undefined;
  readonly aad?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly transport?: string | undefined;
  /** What else was on the command line. Not shown: it may be the secret. */
  readonly excess?: readonly string[];
  /** Where the secret comes from. */
  readonly input: SecretInput;
  readonly print: (line: string) => void;
}

const variables = { keyName: "GOOGLE_KMS_RESOURCE_NAME", endpoint: "GOOGLE_KMS_ENDPOINT" } as const;

/**
 * Encrypts what comes from `input`, less one line break at its end, and prints a line for `.env`.
 * @throws UserError, which quotes nothing of what was read
 */
export async function encrypt(options: EncryptOptions): Promise<void> {
  const { name, input, print, transport = "grpc" } = options;
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
    throw new UserError("--name is the name of a variable: letters, digits, _, - and ., as in DATABASE_URL");
  }
  if (options.excess?.length) {
    throw new UserError(
      `There is something on the command line that encrypt does not take. ${howToPipe(name)}`,
    );
  }
  if (transport !== "grpc" && transport !== "rest") throw new UserError("--transport is grpc or rest");
  const aad = options.aad === undefined ? undefined : parseAdditionalData(options.aad);
  if (options.aad !== undefined && aad === undefined) throw new UserError(`--aad is ${additionalDataForm}`);
  if (input.isTTY) throw new UserError(howToPipe(name));
  const found = await settings(options);
  const plaintext = await readSecret(input, howToPipe(name));
  if (plaintext.length === 0) throw new UserError(`There is nothing in standard input. ${howToPipe(name)}`);
  const sealed = await encryptForGoogleKms({
    name,
    plaintext,
    transport,
    ...found,
    environment: {},
    ...(aad === undefined ? {} : { additionalAuthenticatedData: aad }),
  });
  print(`${name}=${sealed}`);
}

function howToPipe(name: string): string {
  return (
    "The secret is read from standard input, so that no history and no process list has it: " +
    `keyward encrypt --name ${name} < file-with-the-secret, or behind a program that prints it and a |`
  );
}

/** Options first, then the environment and `.env` files. */
async function settings(options: EncryptOptions): Promise<{ keyName?: string; endpoint?: string }> {
  await using manager = createSecrets({ providers: [await openDotenv({})] });
  const found: { keyName?: string; endpoint?: string } = {};
  for (const key of ["keyName", "endpoint"] as const) {
    try {
      const value = options[key] ?? (await manager.find(variables[key]));
      if (value !== undefined) found[key] = value;
    } catch (error) {
      throw isSecretError(error) ? new UserError(error.message) : error;
    }
  }
  return found;
}
