// Shorter texts turn up by chance.
const shortest = 6;

/** A text that must not be found, in every form in which it could be. */
export interface Needle {
  /** What it is, in words that can be shown. */
  readonly what: string;
  readonly forms: readonly string[];
}

export function needle(what: string, text: string): Needle {
  if (text.length < shortest) return { what, forms: [] };
  const bytes = new TextEncoder().encode(text);
  const json = JSON.stringify(text).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  const base64url = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const forms = [text, json, encodeURIComponent(text), ...base64, ...base64url, hex];
  return { what, forms: [...new Set(forms)] };
}

/** The characters of base64 that do not depend on the neighbours, for a text `offset` bytes into a group of three. */
function base64At(bytes: Uint8Array, offset: number): string {
  const padded = String.fromCharCode(...new Uint8Array(offset), ...bytes);
  const start = offset === 0 ? 0 : offset + 1;
  return btoa(padded).slice(start, Math.floor((padded.length * 8) / 6));
}

/** The first needle that the text holds. */
export function needleIn(text: string, needles: readonly Needle[]): Needle | undefined {
  return needles.find(({ forms }) => forms.some((form) => text.includes(form)));
}

/** The text with every needle masked, for messages. */
export function masked(text: string, needles: readonly Needle[]): string {
  let result = text;
  for (const { what, forms } of needles) {
    for (const form of forms) result = result.replaceAll(form, `[${what}]`);
  }
  return result;
}
