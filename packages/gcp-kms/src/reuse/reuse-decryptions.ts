import type { Decryption } from "../decrypt.ts";
import type { Sharing } from "../sharing/sharing.ts";
import { identityOf } from "./decryption-identity.ts";
import type { DecryptionMemory } from "./decryption-memory.ts";
import { findOut, type KnownText } from "./known-text.ts";
import { singleFlight } from "./single-flight.ts";

export type Decrypt = (decryption: Decryption, signal: AbortSignal) => Promise<string>;

export interface Reuse {
  readonly memory: DecryptionMemory;
  /** Who decrypts, as far as that is known. */
  readonly service: string;
  /** With other processes of this machine. */
  readonly sharing?: Sharing | undefined;
}

/**
 * Decrypts what is not remembered, once however many want it at the same time. This is the one thing that a provider
 * otherwise leaves to core: core keeps values by name and cannot know that a name's ciphertext is unchanged. Failures
 * are not remembered.
 */
export function reuseDecryptions(decrypt: Decrypt, { memory, service, sharing }: Reuse): Decrypt {
  const once = singleFlight<KnownText>();

  return async (decryption, signal) => {
    signal.throwIfAborted();
    const identity = identityOf(decryption, service);
    const obtain = async (flight: AbortSignal): Promise<KnownText> => {
      const ask = () => decrypt(decryption, flight);
      const known = await (sharing ? sharing.obtain(identity, ask, flight) : findOut(ask));
      memory.keep(identity, known);
      return known;
    };
    return (memory.find(identity) ?? (await once(identity, obtain, signal))).text;
  };
}
