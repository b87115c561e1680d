import { SecretError } from "./errors.ts";
import { parseReference, type Reference } from "./reference.ts";
import { Route, type Stop } from "./route.ts";
import type { Runtime } from "./runtime.ts";
import type { Source } from "./source.ts";

/** The routes in use, bounded: when there are too many, the least recently used goes (second chance). */
export class RouteTable {
  readonly #sources: readonly Source[];
  readonly #runtime: Runtime;
  readonly #routes = new Map<string, Route>();

  constructor(sources: readonly Source[], runtime: Runtime) {
    this.#sources = sources;
    this.#runtime = runtime;
  }

  /** A route that is in the table already. */
  known(text: string): Route | undefined {
    return this.#routes.get(text);
  }

  /** @throws SecretError `invalid_reference`, `invalid_name`. */
  of(text: string): Route {
    const known = this.#routes.get(text);
    if (known !== undefined) {
      known.used = true;
      return known;
    }
    const reference = parseReference(text);
    const { name, version, pointer } = reference;
    const sources = this.#sourcesFor(reference, text);
    const stops: Stop[] = [];
    try {
      for (const source of sources) stops.push({ source, cell: source.hold(name, version) });
    } catch (error) {
      for (const { source, cell } of stops) source.letGo(cell);
      throw error;
    }
    const route = new Route(text, name, pointer, stops, this.#runtime.redactor);
    this.#makeRoom();
    this.#routes.set(text, route);
    return route;
  }

  /** @throws SecretError `invalid_reference`. */
  check(text: string): void {
    this.#sourcesFor(parseReference(text), text);
  }

  /** Empties the table. What was read stays masked. */
  clear(): void {
    this.#routes.clear();
  }

  #sourcesFor({ provider }: Reference, text: string): readonly Source[] {
    return provider === undefined ? this.#sources : [this.#named(provider, text)];
  }

  #named(id: string, text: string): Source {
    const matches = this.#sources.filter((source) => source.id === id);
    const [source] = matches;
    if (source !== undefined && matches.length === 1) return source;
    const ids = this.#sources.map((each) => each.id).join(", ");
    const message =
      source === undefined
        ? `"${text}": there is no provider "${id}"; there are: ${ids}.`
        : `"${text}": ${matches.length} providers are called "${id}"; give createSecrets an object, { name: provider }, to tell them apart.`;
    throw new SecretError({ code: "invalid_reference", key: text, message });
  }

  #makeRoom(): void {
    let looks = this.#routes.size * 2;
    for (const [text, route] of this.#routes) {
      if (this.#routes.size < this.#runtime.cache.maxEntries || looks === 0) return;
      looks -= 1;
      this.#routes.delete(text);
      if (route.used || route.busy) {
        route.used = false;
        this.#routes.set(text, route); // to the end: a second chance
      } else {
        route.release();
      }
    }
  }
}
