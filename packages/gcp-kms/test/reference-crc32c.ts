/** CRC-32C bit by bit, as its definition reads: slow, and independent of the table that `src` uses. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
    }
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
