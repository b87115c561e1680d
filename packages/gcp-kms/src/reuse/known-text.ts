/** What a ciphertext decrypted to, and when that was found out. */
export interface KnownText {
  readonly text: string;
  /** Milliseconds since Cloud KMS was asked. */
  readonly ageMs: number;
}

/** The text that `ask` finds, with the time since it was asked for. */
export async function findOut(ask: () => Promise<string>): Promise<KnownText> {
  const asked = performance.now();
  const text = await ask();
  return { text, ageMs: performance.now() - asked };
}
