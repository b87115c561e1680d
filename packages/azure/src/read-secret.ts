import type { SecretReading } from "@keyward/core";
import type { KeyVaultClient } from "./options.ts";
import { SecretStateError, UnexpectedAnswerError } from "./read-errors.ts";
import { isRestError, type RestError } from "./rest-error.ts";
import { parseRetryAfter } from "./retry-after.ts";

interface Wanted {
  readonly name: string;
  readonly version: string | undefined;
  readonly signal: AbortSignal;
}

/** One read of one secret. `undefined` if the vault says that there is none, not even a deleted one. */
export async function readFromVault(
  client: KeyVaultClient,
  wanted: Wanted,
): Promise<SecretReading | undefined> {
  const { name, version, signal } = wanted;
  try {
    const { value, properties } = await answered((onResponse) =>
      client.getSecret(name, { abortSignal: signal, onResponse, ...(version !== undefined && { version }) }),
    );
    if (properties.enabled === false) throw new SecretStateError("secret-disabled");
    // The service hands these out regardless of their dates.
    const now = Date.now();
    if (properties.expiresOn && properties.expiresOn.getTime() <= now)
      throw new SecretStateError("secret-expired");
    if (properties.notBefore && properties.notBefore.getTime() > now) {
      throw new SecretStateError("secret-not-yet-valid");
    }
    if (typeof value !== "string") throw new UnexpectedAnswerError(200, undefined);
    return {
      value,
      ...(properties.version !== undefined && { version: properties.version }),
      ...(properties.createdOn && { createdAt: properties.createdOn }),
      ...(properties.updatedOn && { updatedAt: properties.updatedOn }),
      ...(properties.expiresOn && { expiresAt: properties.expiresOn }),
    };
  } catch (error) {
    if (!isRestError(error) || error.statusCode !== 404 || error.code !== "SecretNotFound") throw error;
    if (await isDeleted(client, wanted)) throw new SecretStateError("secret-deleted");
    return undefined;
  }
}

/** The vault answers alike for secrets that never were and secrets that can be recovered; only this tells them apart. */
async function isDeleted(client: KeyVaultClient, { name, signal }: Wanted): Promise<boolean> {
  try {
    await answered((onResponse) => client.getDeletedSecret(name, { abortSignal: signal, onResponse }));
    return true;
  } catch (error) {
    // Not found, not allowed to look, or an emulator without deletion: what the vault said first stands.
    const status = isRestError(error) || error instanceof UnexpectedAnswerError ? statusOf(error) : undefined;
    if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429)
      return false;
    throw error;
  }
}

function statusOf(error: { readonly status?: unknown; readonly statusCode?: unknown }): number | undefined {
  const status = error.statusCode ?? error.status;
  return typeof status === "number" ? status : undefined;
}

type OnResponse = NonNullable<NonNullable<Parameters<KeyVaultClient["getSecret"]>[1]>["onResponse"]>;

/** The SDK's answer, or its error with the bearer and the body taken out. */
async function answered<T>(request: (onResponse: OnResponse) => Promise<T>): Promise<T> {
  let status: number | undefined;
  let retryAfterMs: number | undefined;
  try {
    return await request((response) => {
      status = response.status;
      retryAfterMs = parseRetryAfter(response.headers.get("retry-after"));
    });
  } catch (error) {
    if (isRestError(error) && status !== 200) {
      forgetCredentials(error);
      throw error;
    }
    if (status !== undefined) throw new UnexpectedAnswerError(status, retryAfterMs);
    throw error;
  }
}

function forgetCredentials({ request }: RestError): void {
  if (!request) return;
  request.headers.delete("authorization");
  // Its sockets lead to the headers of every other request under way, and a proxy's agent to the proxy's password.
  request.agent = undefined;
}
