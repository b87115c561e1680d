import { encodingsOf, shortestMasked } from "./encodings.ts";

export const mask = "[secret]";

/** Values no longer current or previous that are still masked; the oldest go first. */
const retiredKept = 1_000;

/** Text that waits for its continuation. */
export interface Pending {
  readonly text: string;
  /** How many characters at its beginning have been masked already. */
  readonly masked: number;
}

export const nothingPending: Pending = { text: "", masked: 0 };

/**
 * Finds values in text. One pass: at each position the next four characters are looked up, and only the forms that
 * begin with them are compared, so the cost does not grow with the number of secrets.
 */
export class Redactor {
  readonly #holds = new Map<string, number>();
  readonly #retired = new Set<string>();
  readonly #formsByStart = new Map<number, string[]>();

  /** From now on `value` is masked. Holds are counted. */
  hold(value: string): void {
    if (value.length < shortestMasked) return;
    const holds = this.#holds.get(value) ?? 0;
    this.#holds.set(value, holds + 1);
    if (holds === 0 && !this.#retired.delete(value)) this.#add(value);
  }

  /** Ends one hold. A value without holds is masked until a thousand others have been retired after it. */
  retire(value: string): void {
    const holds = this.#holds.get(value);
    if (holds === undefined) return;
    if (holds > 1) {
      this.#holds.set(value, holds - 1);
      return;
    }
    this.#holds.delete(value);
    this.#retired.add(value);
    if (this.#retired.size <= retiredKept) return;
    for (const oldest of this.#retired) {
      this.#retired.delete(oldest);
      this.#remove(oldest);
      return;
    }
  }

  redact(text: string): string {
    return this.scan({ text, masked: 0 }, true).done;
  }

  /** Masks what is certain; what may be the beginning of a value is held back, unless this is the `last` of a stream. */
  scan({ text, masked }: Pending, last: boolean): { readonly done: string; readonly held: Pending } {
    const pieces: string[] = [];
    let maskedTo = masked;
    let position = 0;
    if (this.#formsByStart.size === 0) position = text.length;
    for (; position <= text.length - shortestMasked; position += 1) {
      const forms = this.#formsByStart.get(startAt(text, position));
      const match = forms === undefined ? undefined : longestMatch(forms, text, position, last);
      if (match === undefined) continue;
      if (match === "unfinished") break;
      if (position >= maskedTo) pieces.push(text.slice(maskedTo, position), mask);
      maskedTo = Math.max(maskedTo, position + match);
    }
    const heldFrom = last ? text.length : Math.min(position, text.length);
    if (heldFrom > maskedTo) pieces.push(text.slice(maskedTo, heldFrom));
    return {
      done: pieces.join(""),
      held: {
        text: text.slice(heldFrom),
        masked: Math.max(maskedTo - heldFrom, 0),
      },
    };
  }

  #add(value: string): void {
    for (const form of encodingsOf(value)) {
      const start = startAt(form, 0);
      const forms = this.#formsByStart.get(start);
      if (forms === undefined) this.#formsByStart.set(start, [form]);
      else forms.push(form);
    }
  }

  #remove(value: string): void {
    for (const form of encodingsOf(value)) {
      const start = startAt(form, 0);
      const forms = this.#formsByStart.get(start);
      const index = forms?.indexOf(form) ?? -1;
      if (forms === undefined || index < 0) continue;
      forms.splice(index, 1);
      if (forms.length === 0) this.#formsByStart.delete(start);
    }
  }
}

function startAt(text: string, position: number): number {
  let start = 0;
  for (let offset = 0; offset < shortestMasked; offset += 1) {
    start = (Math.imul(start, 0x01000193) ^ text.charCodeAt(position + offset)) | 0;
  }
  return start;
}

function longestMatch(
  forms: readonly string[],
  text: string,
  position: number,
  last: boolean,
): number | "unfinished" | undefined {
  let longest = 0;
  for (const form of forms) {
    if (text.startsWith(form, position)) longest = Math.max(longest, form.length);
    else if (!last && form.length > text.length - position && form.startsWith(text.slice(position)))
      return "unfinished";
  }
  return longest === 0 ? undefined : longest;
}
