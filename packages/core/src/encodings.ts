const encoder = new TextEncoder();

/** Shorter values are not masked: they stand in ordinary text by chance. In UTF-16 code units. */
export const shortestMasked = 4;

/** Shorter lines of a value of several lines are not masked by themselves. */
const shortestLine = 16;

/**
 * The forms in which a value turns up in text: plain, URL-encoded, JSON-escaped, base64 at each of its three
 * alignments, and each long line of a value of several lines.
 */
export function encodingsOf(value: string): Set<string> {
  const forms = new Set<string>();
  addTextForms(forms, value);
  for (const line of value.split(/\r\n|\r|\n/)) {
    if (line.length >= shortestLine && line !== value && !line.startsWith("-----")) addTextForms(forms, line);
  }
  for (const form of forms) if (form.length < shortestMasked) forms.delete(form);
  return forms;
}

function addTextForms(forms: Set<string>, text: string): void {
  const json = JSON.stringify(text).slice(1, -1);
  forms.add(text);
  forms.add(json);
  forms.add(JSON.stringify(json).slice(1, -1));
  const slashed = json.replaceAll("/", "\\/");
  forms.add(slashed);
  forms.add(slashed.replace(/[^ -~]/g, escapeUnit));
  for (const escapeAs of [escapeUnit, escapeUnitUpper]) {
    forms.add(json.replace(/[<>&]/g, escapeAs));
    forms.add(json.replace(/[^ -~]/g, escapeAs));
  }
  forms.add(json.replaceAll('\\"', "\\u0022").replace(/[^ -~]|[&'+<>`]/g, escapeUnitUpper));
  addUrlForms(forms, text);
  addBase64Forms(forms, encoder.encode(text));
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function escapeUnitUpper(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function addUrlForms(forms: Set<string>, text: string): void {
  const wellFormed = text.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const form = new URLSearchParams([["", wellFormed]]).toString().slice(1);
  for (const encoded of [component, strict, form, encodeURI(wellFormed)]) {
    forms.add(encoded);
    forms.add(encoded.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()));
  }
}

/**
 * Inside a longer base64 text a value begins at the first, second or third byte of a group. The characters that
 * also depend on its neighbours are left out: what stays is the same whatever surrounds it.
 */
function addBase64Forms(forms: Set<string>, bytes: Uint8Array): void {
  for (let offset = 0; offset < 3; offset += 1) {
    const shifted = new Uint8Array(offset + bytes.length);
    shifted.set(bytes, offset);
    const text = toBase64(shifted).replace(/=+$/, "");
    const begin = Math.ceil((offset * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    const core = text.slice(begin, end);
    forms.add(core);
    forms.add(core.replaceAll("+", "-").replaceAll("/", "_"));
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
