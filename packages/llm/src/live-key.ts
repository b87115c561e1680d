import { type Clock, isSecretError } from "@keyward/core";
import type { ApiKey } from "./api-key.ts";
import { LlmError } from "./errors.ts";
import type { DeploymentIdentity } from "./transport.ts";

// What RFC 9110 lets a header hold without being misread, less the space.
const sendable = /^[\x21-\x7e]+$/;

/** A key that is wrong for good must not wear the store out: so many readings in vain, in so many milliseconds. */
const vainReadings = 5;
const vainWindow = 10_000;

/** As long as core serves a stale value by default, in milliseconds. */
const longestKept = 3_600_000;

/** A key in use: read at every call, and read anew when an upstream refuses it. */
export class LiveKey {
  readonly #key: ApiKey;
  readonly #clock: Clock;
  #flight: Promise<string> | undefined;
  #vain = 0;
  #vainSince = 0;
  /** The last good value, while the store cannot be asked for the one it was forgotten for. */
  #kept: string | undefined;
  #keptUntil = 0;

  constructor(key: ApiKey, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /**
   * The key, in a form that a header can hold.
   * @throws LlmError `key_unavailable`, `key_invalid`
   */
  async read(of: DeploymentIdentity): Promise<string> {
    const { provider, model } = of;
    const secret = this.#key.name;
    const context = { provider, model, secret };
    let value: string;
    try {
      value = await this.#key.read();
      this.#kept = undefined;
    } catch (error) {
      const kept = this.#clock.now() < this.#keptUntil ? this.#kept : undefined;
      if (kept !== undefined && isPassing(error)) return kept;
      const reason = error instanceof Error ? error.message : "the secret manager failed";
      const message = `The key of model "${model}" (${provider}, secret ${secret}) cannot be read: ${reason}`;
      throw new LlmError({ code: "key_unavailable", message, ...context });
    }
    if (!sendable.test(value)) {
      const fault =
        value === "" ? "is empty" : "holds a line break, a space or another character no header can hold";
      const message = `The key of model "${model}" (${provider}, secret ${secret}) ${fault}: store it again`;
      throw new LlmError({ code: "key_invalid", message, ...context });
    }
    return value;
  }

  /**
   * After an upstream refused a key: the one that has taken its place, or `undefined` when there is none. However many
   * ask at once, the store is read once.
   */
  async replacementFor(refused: string): Promise<string | undefined> {
    try {
      const known = await this.#key.read();
      if (known !== refused) return usable(known, refused);
      // A reading that had begun before the refusal may have missed the change; the one after it has not.
      const joined = this.#flight;
      const value = await (joined ?? this.#refresh(refused));
      if (value !== refused || joined === undefined) return usable(value, refused);
      return usable(await (this.#flight ?? this.#refresh(refused)), refused);
    } catch (error) {
      // The upstream's refusal says more to the caller than that its key could not be read again.
      if (isPassing(error)) {
        this.#kept = refused;
        this.#keptUntil = this.#clock.now() + longestKept;
      }
      return undefined;
    }
  }

  #refresh(refused: string): Promise<string> {
    const now = this.#clock.now();
    if (now - this.#vainSince >= vainWindow) {
      this.#vainSince = now;
      this.#vain = 0;
    }
    const key = this.#key;
    if (key.refresh === undefined || this.#vain >= vainReadings) return key.read();
    const flight = key.refresh().finally(() => {
      this.#flight = undefined;
    });
    this.#flight = flight;
    return flight.then((value) => {
      if (value === refused) this.#vain++;
      return value;
    });
  }
}

function usable(value: string, refused: string): string | undefined {
  return value !== refused && sendable.test(value) ? value : undefined;
}

function isPassing(error: unknown): boolean {
  return isSecretError(error) && ["unavailable", "throttled", "timeout"].includes(error.code);
}
