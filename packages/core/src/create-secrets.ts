import { createRuntime, listProviders } from "./configure.ts";
import { SecretError, type SecretProblem } from "./errors.ts";
import { healthOf, type SecretsHealth } from "./health.ts";
import { createRedactStream } from "./redact-stream.ts";
import { asSecretError, resolveReferences, unresolved } from "./resolve.ts";
import { Rotation } from "./rotation.ts";
import type { Route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { closedError, type Runtime } from "./runtime.ts";
import { Secret } from "./secret.ts";
import type { ReadOptions, Secrets, SecretsOptions } from "./secrets.ts";
import { Source } from "./source.ts";
import { abortedError, type Found, walk } from "./walk.ts";
import { Watcher } from "./watcher.ts";

/**
 * Makes the one object through which an application reads its secrets.
 *
 * @throws SecretError `misconfigured` for options that cannot work.
 * @example
 * const secrets = createSecrets({ providers: [azureKeyVault(), dotenv()] });
 * const client = new OpenAI({ apiKey: secrets.getter("OPENAI_API_KEY") });
 */
export function createSecrets(options: SecretsOptions): Secrets {
  return new SecretManager(options);
}

/** How long `close` waits for the providers to let go. */
const closeWithinMs = 5_000;

const nothing = Promise.resolve(undefined);

class SecretManager implements Secrets {
  readonly #runtime: Runtime;
  readonly #sources: readonly Source[];
  readonly #routes: RouteTable;
  readonly #watcher: Watcher;
  readonly #rotations = new Map<Route, Rotation>();
  #closing: Promise<void> | undefined;

  constructor(options: SecretsOptions) {
    const runtime = createRuntime(options);
    this.#runtime = runtime;
    this.#sources = listProviders(options).map(([id, provider]) => new Source(id, provider, runtime));
    this.#routes = new RouteTable(this.#sources, runtime);
    this.#watcher = new Watcher(runtime);
  }

  get(reference: string, options?: ReadOptions): Promise<string> {
    return this.#fresh(reference, options) ?? this.#get(reference, options);
  }

  find(reference: string, options?: ReadOptions): Promise<string | undefined> {
    return this.#fresh(reference, options) ?? this.#find(reference, options);
  }

  async read(reference: string, options?: ReadOptions): Promise<Secret> {
    const { route, found } = await this.#walk(reference, options);
    if (found === undefined) throw this.#notFound(route);
    const { reading, provider, stale } = found;
    const { version, createdAt, updatedAt, expiresAt } = reading;
    const readAt = new Date(found.readAt);
    const value = await route.valueOf(found.cell, reading);
    return new Secret(value, {
      key: route.name,
      provider,
      version,
      createdAt,
      updatedAt,
      expiresAt,
      readAt,
      stale,
    });
  }

  getter(reference: string): () => Promise<string> {
    this.#routes.check(reference);
    return () => this.get(reference);
  }

  async getMany<const K extends string>(
    references: readonly K[],
    options?: ReadOptions,
  ): Promise<Record<K, string>> {
    const reads = references.map((reference) => this.get(reference, options));
    const settled = await Promise.allSettled(reads);
    const problems: SecretProblem[] = [];
    const values: [string, string][] = [];
    for (const [index, reference] of references.entries()) {
      const result = settled[index];
      if (result?.status === "fulfilled") values.push([reference, result.value]);
      else
        problems.push({
          path: reference,
          error: asSecretError(result?.reason),
        });
    }
    if (problems.length > 0) throw unresolved(problems);
    return Object.fromEntries(values) as Record<K, string>;
  }

  resolve<T>(config: T, options?: ReadOptions): Promise<T> {
    return resolveReferences(config, (reference) => this.get(reference, options));
  }

  subscribe(reference: string, listener: (secret: Secret) => void): () => void {
    if (this.#runtime.lifetime.closed) throw closedError(reference);
    const route = this.#routes.of(reference);
    const rotation = this.#rotations.get(route) ?? new Rotation(route, this.#runtime, this.#watcher);
    if (!this.#rotations.has(route)) route.inUse += 1;
    this.#rotations.set(route, rotation);
    const end = rotation.add(listener);
    return () => {
      end();
      if (!rotation.empty || !this.#rotations.delete(route)) return;
      route.inUse -= 1;
    };
  }

  invalidate(reference?: string): void {
    if (this.#runtime.lifetime.closed) return;
    if (reference === undefined) {
      for (const source of this.#sources) source.invalidate();
      return;
    }
    for (const { source, cell } of this.#routes.of(reference).stops) source.invalidate(cell.storeKey);
  }

  redact(text: string): string {
    return this.#runtime.redactor.redact(text);
  }

  redactStream(): TransformStream<string, string> {
    return createRedactStream(this.#runtime.redactor);
  }

  health(): SecretsHealth {
    return healthOf(this.#sources);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The hot path: two look-ups and a comparison, and the promise made when the value was read. */
  #fresh(reference: string, options: ReadOptions | undefined): Promise<string> | undefined {
    const route = this.#routes.known(reference);
    if (route === undefined || options?.signal?.aborted) return undefined;
    const { clock, emit } = this.#runtime;
    const stop = route.freshStop(clock.now());
    if (stop?.cell.reading === undefined) return undefined;
    route.used = true;
    emit?.({
      type: "hit",
      provider: stop.source.provider.name,
      key: stop.cell.key,
    });
    return route.valueOf(stop.cell, stop.cell.reading);
  }

  async #get(reference: string, options: ReadOptions | undefined): Promise<string> {
    const { route, found } = await this.#walk(reference, options);
    if (found === undefined) throw this.#notFound(route);
    return route.valueOf(found.cell, found.reading);
  }

  async #find(reference: string, options: ReadOptions | undefined): Promise<string | undefined> {
    const { route, found } = await this.#walk(reference, options);
    return found === undefined ? nothing : route.valueOf(found.cell, found.reading);
  }

  async #walk(
    reference: string,
    options: ReadOptions | undefined,
  ): Promise<{ route: Route; found: Found | undefined }> {
    const signal = options?.signal;
    if (this.#runtime.lifetime.closed) throw closedError(reference);
    if (signal?.aborted) throw abortedError(reference);
    const route = this.#routes.of(reference);
    return { route, found: await walk(route, this.#runtime, signal) };
  }

  #notFound(route: Route): SecretError {
    const names = route.stops.map(({ source }) => source.provider.name);
    const [provider] = names;
    return new SecretError({
      code: "not_found",
      key: route.name,
      provider: names.length === 1 ? provider : undefined,
      message: `"${route.name}" was not found in ${names.join(", nor in ")}. Add it there, or correct the name.`,
    });
  }

  async #close(): Promise<void> {
    this.#runtime.lifetime.close();
    for (const [route] of this.#rotations) route.inUse -= 1;
    this.#rotations.clear();
    this.#routes.clear();
    const closes = this.#sources.map(async ({ provider }) => provider.close?.());
    await new Promise<void>((resolve) => {
      const cancel = this.#runtime.clock.after(closeWithinMs, resolve);
      void Promise.allSettled(closes).then(() => {
        cancel();
        resolve();
      });
    });
  }
}
