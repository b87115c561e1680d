/** What one version of one secret is. */
export interface StoredVersion {
  readonly version: number;
  readonly value: string;
  readonly writtenAt: string;
}

export interface StoredSecret {
  readonly name: string;
  readonly versions: StoredVersion[];
  /** The role may see the name, not the value. */
  hidden?: boolean;
  /** One person's override, listed beside the shared secret. */
  personal?: string;
}

export interface Folder {
  readonly path: string;
  readonly secrets: Map<string, StoredSecret>;
  readonly imports: { readonly environment: string; readonly path: string }[];
}

/** The secrets of one project: environments of folders of versioned secrets, with imports and references. */
export function createStore() {
  const folders = new Map<string, Folder>();
  const at = (environment: string, path: string) => `${environment}:${path}`;

  function folder(environment: string, path: string): Folder | undefined {
    return folders.get(at(environment, path));
  }

  function existing(environment: string, path: string): Folder {
    const found = folder(environment, path);
    if (found === undefined) throw new Error(`the test uses a folder it has not made: ${environment}${path}`);
    return found;
  }

  function current(secret: StoredSecret): StoredVersion {
    const last = secret.versions.at(-1);
    if (last === undefined) throw new Error("a secret has at least one version");
    return last;
  }

  /** Fills in `${NAME}` and `${environment.folder.NAME}`; what does not exist stays as it is. */
  function expand(value: string, environment: string, path: string, depth = 0): string {
    if (depth > 10) return value;
    return value.replaceAll(/\$\{([\w.-]+)\}/g, (whole, text: string) => {
      const parts = text.split(".");
      const name = parts.at(-1) ?? "";
      const place =
        parts.length === 1
          ? { environment, path }
          : { environment: parts[0] ?? "", path: `/${parts.slice(1, -1).join("/")}` };
      const secret = folder(place.environment, place.path)?.secrets.get(name);
      return secret === undefined
        ? whole
        : expand(current(secret).value, place.environment, place.path, depth + 1);
    });
  }

  return {
    folder,
    current,
    expand,
    makeFolder(environment: string, path: string): void {
      folders.set(at(environment, path), { path, secrets: new Map(), imports: [] });
    },
    /** Writes a new version. */
    write(name: string, value: string, environment = "test", path = "/"): StoredVersion {
      const { secrets } = existing(environment, path);
      const secret = secrets.get(name) ?? { name, versions: [] };
      const written = { version: secret.versions.length + 1, value, writtenAt: new Date().toISOString() };
      secret.versions.push(written);
      secrets.set(name, secret);
      return written;
    },
    remove(name: string, environment = "test", path = "/"): void {
      existing(environment, path).secrets.delete(name);
    },
    secret(name: string, environment = "test", path = "/"): StoredSecret {
      const found = existing(environment, path).secrets.get(name);
      if (found === undefined) throw new Error("the test uses a secret it has not written");
      return found;
    },
    /** Makes one folder import another. A later import counts more than an earlier one. */
    import(from: { environment: string; path: string }, environment = "test", path = "/"): void {
      existing(environment, path).imports.push(from);
    },
  };
}

export type Store = ReturnType<typeof createStore>;
