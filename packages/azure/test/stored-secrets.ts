import { randomBytes } from "node:crypto";

export interface Attributes {
  readonly enabled?: boolean;
  readonly notBefore?: Date;
  readonly expires?: Date;
}

export interface StoredVersion extends Attributes {
  readonly id: string;
  readonly value: string;
  readonly created: Date;
}

interface StoredSecret {
  /** As it was first written: Key Vault ignores case and keeps it. */
  readonly name: string;
  readonly versions: StoredVersion[];
  deleted?: Date;
}

/** What a vault holds: every version of every secret, and the deleted ones until they are purged. */
export class StoredSecrets {
  readonly #secrets = new Map<string, StoredSecret>();

  /** Adds a version, which becomes the current one. Answers its identifier. */
  set(name: string, value: string, attributes: Attributes = {}): string {
    const key = name.toLowerCase();
    const secret = this.#secrets.get(key) ?? { name, versions: [] };
    if (secret.deleted) throw new Error("a deleted secret has to be recovered or purged first");
    const id = randomBytes(16).toString("hex");
    secret.versions.push({ id, value, created: new Date(), ...attributes });
    this.#secrets.set(key, secret);
    return id;
  }

  delete(name: string): void {
    const secret = this.#secrets.get(name.toLowerCase());
    if (secret) secret.deleted = new Date();
  }

  purge(name: string): void {
    this.#secrets.delete(name.toLowerCase());
  }

  /** The version asked for, or the newest one whatever its dates say, as the service does. */
  find(
    name: string,
    version: string,
  ): { readonly name: string; readonly version: StoredVersion } | undefined {
    const secret = this.#secrets.get(name.toLowerCase());
    if (!secret || secret.deleted) return undefined;
    const found = version ? secret.versions.find(({ id }) => id === version) : secret.versions.at(-1);
    return found && { name: secret.name, version: found };
  }

  findDeleted(
    name: string,
  ): { readonly name: string; readonly version: StoredVersion; readonly deleted: Date } | undefined {
    const secret = this.#secrets.get(name.toLowerCase());
    const version = secret?.versions.at(-1);
    if (!secret?.deleted || !version) return undefined;
    return { name: secret.name, version, deleted: secret.deleted };
  }
}
