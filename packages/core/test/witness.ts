import { format, inspect } from "node:util";
import { vi } from "vitest";
import { encodingsOf } from "../src/encodings.ts";

/** Sees everything that a program lets out, and looks for one value in it, in every form that `redact` knows. */
export class Witness {
  readonly #forms: readonly string[];
  readonly #seen: string[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(canary: string) {
    this.#forms = [...encodingsOf(canary)];
  }

  /** Where the canary was seen. Holds the place and not the text, so that a failing test leaks nothing either. */
  get findings(): readonly string[] {
    return this.#seen;
  }

  /** Looks at something in every way that a log, a debugger or an error tracker does. */
  see(place: string, thing: unknown): void {
    for (const [way, text] of Object.entries(printed(thing))) this.#note(`${place}, ${way}`, text);
    for (const [path, text] of textsIn(thing)) this.#note(`${place}${path}`, text);
  }

  /** Listens at the console, the standard streams, and for whatever nobody caught. */
  listen(): void {
    for (const method of ["log", "info", "warn", "error", "debug", "dir", "trace", "table"] as const) {
      const spy = vi
        .spyOn(console, method)
        .mockImplementation((...parts: unknown[]) => this.see(`console.${method}`, parts));
      this.#ends.push(() => spy.mockRestore());
    }
    for (const name of ["stdout", "stderr"] as const) {
      const spy = vi.spyOn(process[name], "write").mockImplementation((chunk) => {
        this.see(`process.${name}`, String(chunk));
        return true;
      });
      this.#ends.push(() => spy.mockRestore());
    }
    for (const event of ["unhandledRejection", "uncaughtException", "warning"]) {
      const note = (reason: unknown) => {
        this.#seen.push(`an ${event}`);
        this.see(event, reason);
      };
      process.on(event, note);
      this.#ends.push(() => process.off(event, note));
    }
  }

  leave(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #note(place: string, text: string): void {
    if (this.#forms.some((form) => text.includes(form))) this.#seen.push(place);
  }
}

function printed(thing: unknown): Record<string, string> {
  const everything = { depth: null, showHidden: true, getters: true, showProxy: true } as const;
  return {
    "as a string": quietly(() => String(thing)),
    "in JSON": quietly(() => JSON.stringify(thing) ?? ""),
    inspected: inspect(thing, { depth: null }),
    "inspected with everything shown": inspect(thing, everything),
    "inspected without its own inspection": inspect(thing, { ...everything, customInspect: false }),
    formatted: format(
      "%s %o %O %j",
      thing,
      thing,
      thing,
      quietly(() => JSON.stringify(thing) ?? ""),
    ),
    cloned: quietly(() => inspect(structuredClone(thing), everything)),
  };
}

/** Every string below a thing: own properties of all kinds, what getters answer, what collections hold. */
function* textsIn(
  thing: unknown,
  path = "",
  visited = new Set<unknown>(),
): Generator<[path: string, text: string]> {
  if (typeof thing === "string") yield [path, thing];
  if (typeof thing === "symbol") yield [path, String(thing)];
  if ((typeof thing !== "object" && typeof thing !== "function") || thing === null || visited.has(thing))
    return;
  visited.add(thing);
  if (thing instanceof Map || thing instanceof Set) {
    for (const item of thing) yield* textsIn(item, `${path}[]`, visited);
  }
  for (const name of Reflect.ownKeys(thing)) {
    yield [path, String(name)];
    yield* textsIn(Reflect.get(thing, name), `${path}.${String(name)}`, visited);
  }
}

function quietly(print: () => string): string {
  try {
    return print();
  } catch (error) {
    return inspect(error); // what cannot be cloned, for one: the error says what it was
  }
}
