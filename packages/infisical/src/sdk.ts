import type { InfisicalSDK } from "@infisical/sdk";
import { untilAborted } from "./abort.ts";
import type { InfisicalClient } from "./client.ts";
import { type TransportOptions, transport } from "./transport.ts";

/**
 * Runs one call of the vendor's SDK so that it ends with `signal`.
 *
 * The SDK takes no signal and repeats every failed attempt up to four times within 15 s; a hung server holds a call
 * for 65 s, a body that stalls for 301 s, and a 429 never shows its Retry-After. None of it can be set. So each call
 * gets an SDK of its own (it costs a few objects), and that SDK our transport in the place of its own. The SDK
 * still decides what is asked for and how the answer is read. That place is private to the SDK, so package.json asks
 * for no other minor version than the one that the tests hold to it. Should somebody force another on us that has no
 * such place, the call runs as the SDK makes it and is given up on `signal`.
 */
export async function callSdk<T>(
  options: TransportOptions,
  use: (sdk: InfisicalSDK) => Promise<T>,
): Promise<T> {
  const InfisicalSDK = await loadSdk(options.signal);
  const sdk = new InfisicalSDK({ siteUrl: options.siteUrl });
  if (options.token !== undefined) sdk.auth().accessToken(options.token);

  // The SDK turns what its transport throws into an error of its own and loses all but the message.
  let thrown: { readonly error: unknown } | undefined;
  const request = transport(options);
  replaceTransport(sdk, async (...asked) => {
    try {
      return await request(...asked);
    } catch (error) {
      thrown = { error };
      throw error;
    }
  });
  try {
    return await untilAborted(use(sdk), options.signal);
  } catch (error) {
    throw thrown === undefined ? error : thrown.error;
  }
}

/** @returns whether the object has the SDK's inner shape; a test holds the installed version to it. */
export function replaceTransport(sdk: object, request: ReturnType<typeof transport>): boolean {
  const api = innerClient(sdk);
  return typeof api?.request === "function" && Reflect.set(api, "request", request);
}

/**
 * Where a client's calls go and with which token, if it is an `InfisicalSDK`, of this copy or of another (who calls
 * `require` has another). One of a class derived from it, or a double, may do something else altogether, and is
 * left alone.
 */
export async function connectionOf(
  client: InfisicalClient,
  signal: AbortSignal,
): Promise<Omit<TransportOptions, "signal"> | undefined> {
  const InfisicalSDK = await loadSdk(signal);
  const made: unknown = Object.getPrototypeOf(client)?.constructor;
  if (typeof made !== "function" || (made !== InfisicalSDK && made.name !== "InfisicalSDK")) return undefined;
  const address = innerClient(client)?.baseURL;
  if (typeof address !== "string" || client.auth === undefined) return undefined;
  const token = client.auth().getAccessToken() ?? undefined;
  return { siteUrl: address.replace(/\/+$/, ""), token };
}

/** Only now, for it takes about 70 ms and 30 MB. */
async function loadSdk(signal: AbortSignal) {
  const { InfisicalSDK } = await untilAborted(import("@infisical/sdk"), signal);
  return InfisicalSDK;
}

function innerClient(sdk: object): Readonly<Record<string, unknown>> | undefined {
  const api: unknown = Reflect.get(sdk, "apiClient");
  return typeof api === "object" && api !== null ? (api as Readonly<Record<string, unknown>>) : undefined;
}
