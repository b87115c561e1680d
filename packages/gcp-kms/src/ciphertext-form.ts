/**
 * Symmetric ciphertexts of Cloud KMS are a protobuf message: `0A 24` and 36 bytes, then `12`, the length of the rest,
 * and the rest, which begins with 0.
 */
const headLength = 38;

/** An initialization vector, a tag, and the 0 in front of them. */
const shortestBody = 29;

/** The first two bytes suffice. Where they are damaged, the rest does. */
export function resemblesCiphertext(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x0a && bytes[1] === 0x24) return bytes.length >= 6;
  return bodyFills(bytes);
}

/** Whether what begins at `at`, or else behind a whole head, is a ciphertext's body, and the last thing there is. */
export function bodyFills(bytes: Uint8Array, at: number = headLength): boolean {
  const body = bodyAt(bytes, at);
  return body !== undefined && body.start + body.length === bytes.length;
}

/** Whether a ciphertext begins anywhere and goes on to its body. */
export function holdsHead(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x24 && bodyAt(bytes, at + headLength)) return true;
  }
  return false;
}

/** Whether a ciphertext stands here, to its end, whose head has lost a few bytes or has some in front. */
export function holdsEnd(bytes: Uint8Array): boolean {
  for (let at = headLength - 3; at <= headLength + 3; at++) if (bodyFills(bytes, at)) return true;
  return false;
}

function bodyAt(
  bytes: Uint8Array,
  at: number,
): { readonly start: number; readonly length: number } | undefined {
  if (bytes[at] !== 0x12) return undefined;
  let length = 0;
  for (let next = at + 1, shift = 0; shift <= 21; next++, shift += 7) {
    const byte = bytes[next];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      const begins = length >= shortestBody && bytes[next + 1] === 0;
      return begins ? { start: next + 1, length } : undefined;
    }
  }
  return undefined;
}
