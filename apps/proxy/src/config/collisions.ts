import { parseReference, type SecretEvent } from "@keyward/core";
import type { ConfigDocument } from "./config-document.ts";
import type { ConfigNotes } from "./config-notes.ts";
import type { FoundReference } from "./references.ts";

/** Gathers which names turned out to be one secret of a store, to tell of each such secret once. */
export class Collisions {
  /** The spellings of each secret, by the store and the first of them. */
  readonly #secrets = new Map<string, { readonly provider: string; readonly spellings: string[] }>();

  hear(event: SecretEvent): void {
    if (event.type !== "collision") return;
    const { provider, key, otherKey } = event;
    const identity = `${provider}\0${otherKey}`;
    const secret = this.#secrets.get(identity) ?? { provider, spellings: [otherKey] };
    secret.spellings.push(key);
    this.#secrets.set(identity, secret);
  }

  /** One warning for each secret, at the place of its second spelling. */
  note(
    file: string,
    references: readonly FoundReference[],
    document: ConfigDocument,
    notes: ConfigNotes,
  ): void {
    for (const { provider, spellings } of this.#secrets.values()) {
      const places = spellings.flatMap((name) => {
        const found = references.find(({ reference }) => nameIn(reference) === name);
        return found === undefined ? [] : [{ name, place: found.place, ...document.locate(found.place) }];
      });
      places.sort((a, b) => a.line - b.line || a.column - b.column);
      const second = places[1];
      if (second === undefined) continue;
      const where = places.map(({ name, line, column }) => `"${name}" (${file}:${line}:${column})`);
      notes.warn(second.place, `${where.join(" and ")} are one secret in ${provider}: write it in one way`);
    }
  }
}

function nameIn(reference: string): string | undefined {
  try {
    return parseReference(reference).name;
  } catch {
    // Not a reference after all: that is told with its place when it is resolved.
    return undefined;
  }
}
