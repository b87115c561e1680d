import type { IncomingMessage } from "node:http";
import type { Books } from "../books/books.ts";
import type { VirtualKey } from "../books/keys/virtual-key.ts";
import { isRefusal, refusal } from "../books/refusals.ts";
import { type ApiError, unauthorized } from "./answers.ts";
import { presentedKey } from "./authentication.ts";
import type { Endpoint } from "./endpoint.ts";

/** Told once: who it is, or what is wrong. At once for a key that is known. */
export interface Guard {
  welcome(guest: VirtualKey): void;
  refuse(error: ApiError): void;
  /** A fault of this program. */
  bug(error: unknown): void;
}

/** For whoever comes without the master key: a virtual key opens what is there for guests. */
export function letGuestIn(
  request: IncomingMessage,
  endpoint: Endpoint | undefined,
  books: Books,
  guard: Guard,
): void {
  const key = presentedKey(request.headers);
  if (key === undefined) {
    guard.refuse(unauthorized);
    return;
  }
  const judge = (guest: VirtualKey | ApiError): void => {
    if (isRefusal(guest)) guard.refuse(guest);
    else if (endpoint !== undefined && endpoint.guests !== true) guard.refuse(masterKeyOnly);
    else guard.welcome(guest);
  };
  const guest = books.identify(key);
  if (guest instanceof Promise) guest.then(judge).catch(guard.bug);
  else judge(guest);
}

const masterKeyOnly = refusal(
  "master_key_required",
  "A virtual key may ask models; this takes the master key",
);
