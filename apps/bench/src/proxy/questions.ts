function question(characters: number, stream: boolean): string {
  const content = "Why is the sky blue? ".repeat(characters / 21);
  return JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content }], stream });
}

export const plainQuestion = question(1_000, false);
export const streamedQuestion = question(1_000, true);
export const longQuestion = question(100_000, false);
