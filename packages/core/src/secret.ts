const mask = "[secret]";

/** What is known of a secret besides its value. Safe to log. */
export interface SecretMetadata {
  /** The name asked for. */
  readonly key: string;
  /** `SecretProvider.name` of the provider that had it. */
  readonly provider: string;
  readonly version?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly updatedAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  /** When the store last confirmed the value. */
  readonly readAt: Date;
  /** Whether the store could not be asked and this is the last good value. */
  readonly stale: boolean;
}

/**
 * A secret with its origin. The value comes out of {@link Secret.reveal} only: as text, in a template, in JSON, in
 * `util.inspect`, in the console and after `structuredClone` it is `[secret]`.
 */
export class Secret implements SecretMetadata {
  readonly #value: string;
  /** Stands where a printer that knows nothing of this class looks for a value. */
  readonly text: string = mask;
  readonly key: string;
  readonly provider: string;
  readonly version: string | undefined;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly readAt: Date;
  readonly stale: boolean;

  constructor(value: string, metadata: SecretMetadata) {
    this.#value = value;
    this.key = metadata.key;
    this.provider = metadata.provider;
    this.version = metadata.version;
    this.createdAt = metadata.createdAt;
    this.updatedAt = metadata.updatedAt;
    this.expiresAt = metadata.expiresAt;
    this.readAt = metadata.readAt;
    this.stale = metadata.stale;
  }

  /** The value. Whatever happens to it from here on is the caller's responsibility. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [Symbol.toPrimitive](): string {
    return mask;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return mask;
  }
}
