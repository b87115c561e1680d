import type { SecretProvider, SecretReading } from "@keyward/core";

export interface CountingStoreOptions {
  /** Waits for as long as the store takes to answer. Without it, the store answers at once. */
  readonly latency?: () => Promise<void>;
  /** Called at the beginning of each read. */
  readonly onRead?: () => void;
}

/** A store that has every secret, and counts what it is asked. Keyward and its peers read the same one. */
export class CountingStore {
  reads = 0;
  underWay = 0;
  mostUnderWay = 0;
  readonly #options: CountingStoreOptions;

  constructor(options: CountingStoreOptions = {}) {
    this.#options = options;
  }

  async read(key: string): Promise<string> {
    this.reads += 1;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    this.#options.onRead?.();
    if (this.#options.latency !== undefined) await this.#options.latency();
    this.underWay -= 1;
    return secretFor(key);
  }

  forgetCounts(): void {
    this.reads = 0;
    this.mostUnderWay = this.underWay;
  }

  asProvider(): SecretProvider {
    return {
      name: "counting-store",
      readSecret: async (key) => ({ value: await this.read(key) }),
    };
  }

  /** As a provider that lists all of `keys` in one call. */
  asListingProvider(keys: readonly string[]): SecretProvider {
    return {
      ...this.asProvider(),
      readAll: async () => {
        await this.read("");
        return new Map<string, SecretReading>(keys.map((key) => [key, { value: secretFor(key) }]));
      },
    };
  }
}

function secretFor(key: string): string {
  return `value-of-${key}`;
}
